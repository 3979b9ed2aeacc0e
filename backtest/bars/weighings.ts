// The technical score of a bar's findings, with the weights of each regime worked out once.
import { agentNames } from '../../domain/agents';
import {
  signedConfidence,
  technicalScore,
  totalWeight,
  weightsOf,
  type DecisionConfig,
  type Regime,
  type Weighing,
} from '../../domain/decision';
import type { StrategyVote } from '../../domain/strategy';
import { regimeAt, signedAt } from './castBars';
import type { CastStock } from './castStocks';

export class Weighings {
  readonly #config: DecisionConfig;
  readonly #byRegime = new Map<Regime, Weighing>();

  constructor(config: DecisionConfig) {
    this.#config = config;
  }

  technical({ cast }: CastStock, at: number, ownVotes: readonly StrategyVote[]): number {
    const weighing = this.#weighing(regimeAt(cast, at));
    const signed = signedAt(cast, at);
    if (ownVotes.length === 0) return technicalScore(signed, weighing).technical;
    return technicalScore([...signed, ...ownVotes.map(signedConfidence)], weighing).technical;
  }

  #weighing(regime: Regime): Weighing {
    const known = this.#byRegime.get(regime);
    if (known !== undefined) return known;
    const weights = weightsOf(regime, this.#config);
    const { strategies = [], fullQuorum } = this.#config;
    const names = [...agentNames, ...strategies.map(({ name }) => name)];
    const made: Weighing = {
      weights: names.map((name) => weights[name] ?? 0),
      total: totalWeight(weights, this.#config),
      fullQuorum,
    };
    this.#byRegime.set(regime, made);
    return made;
  }
}
