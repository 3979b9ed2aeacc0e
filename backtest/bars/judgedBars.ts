// Steps 3 to 7 of the day (docs/trading-day.md) from columns. Every stock-bar gets its score from numbers; only where
// the score lies beyond a threshold is the whole judgement made, by the decision's own functions.
import { agentNames } from '../../domain/agents';
import {
  beyondThreshold,
  combinedScore,
  signalFeatures,
  signedConfidence,
  type DecisionConfig,
} from '../../domain/decision';
import { entryBars, type SessionPlan } from '../../domain/session/sessionPlan';
import type { Voters } from '../../domain/strategy';
import type { EpochMs } from '../../domain/units';
import type { JudgedBar, JudgedDay } from '../judgedDay';
import type { AgentShare, Counts, DecisionTally } from '../measures';
import type { SignalModel } from '../signalModel';
import { AskedStrategies } from './askedStrategies';
import { noNews, signedAt } from './castBars';
import type { CastStock } from './castStocks';
import { LazyJudgement, type JudgedAt } from './lazyJudgement';
import { Weighings } from './weighings';

export interface BarsJudgedBy {
  readonly plan: SessionPlan;
  readonly config: DecisionConfig;
  /** null: the configuration decides, as for an absent model. */
  readonly model: SignalModel | null;
  /** The user's own strategies. */
  readonly voters: Voters;
}

/** A day's decisions. Of those below the thresholds there are only counts, until somebody asks for one. */
export class JudgedBars implements JudgedDay {
  readonly barEnds: readonly EpochMs[];
  readonly unjudged: Counts;
  /** The judgements beyond a threshold, by the end of their bar. */
  readonly beyond: ReadonlyMap<EpochMs, readonly LazyJudgement[]>;
  readonly #all: ReadonlyMap<EpochMs, readonly JudgedAt[]>;
  readonly #config: DecisionConfig;
  #bars: readonly JudgedBar[] | undefined;

  constructor(
    all: ReadonlyMap<EpochMs, readonly JudgedAt[]>,
    beyond: ReadonlyMap<EpochMs, readonly LazyJudgement[]>,
    config: DecisionConfig,
    unjudged: Counts,
  ) {
    this.barEnds = [...all.keys()];
    this.unjudged = unjudged;
    this.beyond = beyond;
    this.#all = all;
    this.#config = config;
  }

  get bars(): readonly JudgedBar[] {
    this.#bars ??= [...this.#all].map(([barEnd, stocks]) => {
      const known = this.beyond.get(barEnd) ?? [];
      return {
        barEnd,
        judged: stocks.map(
          (one) => known.find((hit) => hit.isOf(one.stock)) ?? new LazyJudgement(one, this.#config),
        ),
      };
    });
    return this.#bars;
  }

  /** Counts of votes and decisions on bars that were not stale. */
  tally(isFresh: (barEnd: EpochMs) => boolean): DecisionTally {
    const fresh = [...this.#all].filter(([barEnd]) => isFresh(barEnd));
    const judged = fresh.flatMap(([, stocks]) => stocks);
    const traded = fresh
      .flatMap(([barEnd]) => this.beyond.get(barEnd) ?? [])
      .filter(({ decision }) => decision.action !== 'SKIP');
    const LONG = traded.filter(({ decision }) => decision.action === 'LONG').length;
    const SHORT = traded.length - LONG;
    const { agents, strategies = [] } = this.#config;
    const asked = [
      ...agentNames.filter((name) => agents[name] !== undefined),
      ...strategies.map(({ name }) => name),
    ];
    return {
      decisions: { LONG, SHORT, SKIP: judged.length - LONG - SHORT },
      agents: Object.fromEntries(asked.map((name) => [name, shareOf(name, judged, traded)])),
    };
  }
}

/** Of one voter; above 0 to buy, below 0 to sell. */
function voteOf(name: string, { stock, at, ownVotes }: JudgedAt): number {
  const place = agentNames.findIndex((agent) => agent === name);
  if (place !== -1) return signedAt(stock.cast, at)[place] ?? 0;
  const own = ownVotes.find(({ agent }) => agent === name);
  return own === undefined ? 0 : signedConfidence(own);
}

function shareOf(
  name: string,
  judged: readonly JudgedAt[],
  traded: readonly LazyJudgement[],
): AgentShare {
  const votes = judged.map((one) => voteOf(name, one));
  const inTrades = (action: string, sign: number): number =>
    traded.filter(
      ({ decision, judgedAt }) => decision.action === action && sign * voteOf(name, judgedAt) > 0,
    ).length;
  return {
    buyVotes: votes.filter((vote) => vote > 0).length,
    sellVotes: votes.filter((vote) => vote < 0).length,
    inLong: inTrades('LONG', 1),
    inShort: inTrades('SHORT', -1),
  };
}

/** Judges every bar on which stocks may be entered. */
export async function judgeBars(
  stocks: readonly CastStock[],
  by: BarsJudgedBy,
): Promise<JudgedBars> {
  const { plan, config, model } = by;
  const weighings = new Weighings(config);
  const all = new Map<EpochMs, readonly JudgedAt[]>();
  const beyond = new Map<EpochMs, readonly LazyJudgement[]>();
  const asked = new AskedStrategies(stocks, by);
  let missing = 0;
  for (const barEnd of entryBars(plan, config.barMinutes)) {
    const found = asked.barsEnding(barEnd);
    missing += stocks.length - found.length;
    const votes = await asked.ownVotes(found, barEnd);
    const judged = found.map(({ stock, at }): JudgedAt => {
      const ownVotes = votes.get(stock.tradingsymbol) ?? [];
      return { stock, at, ownVotes, technical: weighings.technical(stock, at, ownVotes) };
    });
    all.set(barEnd, judged);
    beyond.set(
      barEnd,
      judged
        .filter(({ technical }) => beyondThreshold(combinedScore(technical, noNews), config) > 0)
        .map((one) => new LazyJudgement(one, config)),
    );
  }
  if (model !== null) await score(model, [...beyond.values()].flat());
  return new JudgedBars(all, beyond, config, missing === 0 ? {} : { ANALYSIS_NO_BAR: missing });
}

/** The model is asked about what may be traded alone: below the thresholds its answer changes nothing. */
async function score(model: SignalModel, judged: readonly LazyJudgement[]): Promise<void> {
  const rows = judged.flatMap(({ analysis: { snapshot, recent } }) => [
    signalFeatures(snapshot, recent, 'LONG'),
    signalFeatures(snapshot, recent, 'SHORT'),
  ]);
  const scores = rows.length === 0 ? [] : await model.score(rows);
  judged.forEach((one, index) => {
    one.probabilities = [scores[index * 2] ?? null, scores[index * 2 + 1] ?? null];
  });
}
