// One stock on one bar, read from columns. What nobody asks for is not made: of a day's stock-bars few are traded.
import {
  analyseBars,
  decideNumbers,
  entryWanted,
  ownVotesFor,
  recentBars,
  type Decision,
  scoreDecision,
  skipCause,
  type DecisionConfig,
  type DecisionNumbers,
  type StockAnalysis,
} from '../../domain/decision';
import { ColumnBar } from '../../domain/indicators';
import type { StrategyVote } from '../../domain/strategy';
import { epochMs, paise, type Paise } from '../../domain/units';
import type { StockJudgement } from '../judgedDay';
import { noNews } from './castBars';
import type { CastStock } from './castStocks';

/** A stock's bar, and the technical score of its votes. */
export interface JudgedAt {
  readonly stock: CastStock;
  readonly at: number;
  readonly technical: number;
  /** Of the user's strategies. */
  readonly ownVotes: readonly StrategyVote[];
}

const minuteMs = 60_000;

export class LazyJudgement implements StockJudgement {
  readonly judgedAt: JudgedAt;
  readonly #config: DecisionConfig;
  #analysis: StockAnalysis | undefined;
  #decision: Decision | undefined;
  /** The signal-quality model's, for both sides; to be set before the decision is asked for. */
  probabilities: readonly [number | null, number | null] = [null, null];

  constructor(judgedAt: JudgedAt, config: DecisionConfig) {
    this.judgedAt = judgedAt;
    this.#config = config;
  }

  isOf(stock: CastStock): boolean {
    return stock === this.judgedAt.stock;
  }

  get analysis(): StockAnalysis {
    const { stock, at, ownVotes } = this.judgedAt;
    const { columns, tradingsymbol } = stock;
    const first = Math.max(0, at - recentBars);
    this.#analysis ??= analyseBars(
      Array.from({ length: at - first + 1 }, (_, index) => new ColumnBar(columns, first + index)),
      {
        instrument: { tradingsymbol },
        sentiment: noNews,
        config: this.#config,
        ownVotes,
      },
    );
    return this.#analysis;
  }

  /** Its scores at once; its levels and words when they are read. */
  get decision(): Decision {
    this.#decision ??= this.#decided();
    return this.#decision;
  }

  /** Above 0 where the stop is known: the agents' is a multiple of the true range. */
  #stopKnown(): number {
    const range = this.judgedAt.stock.columns.atr14[this.judgedAt.at] ?? NaN;
    return range > 0 || this.judgedAt.ownVotes.some(({ stop }) => stop !== undefined) ? 1 : 0;
  }

  #decided(): Decision {
    const [probabilityLong, probabilityShort] = this.probabilities;
    const config = this.#config;
    const input = { sentiment: noNews, probabilityLong, probabilityShort, config };
    const { technical, ownVotes } = this.judgedAt;
    const { leaning, size, asksModel, ...scored } = scoreDecision(technical, ownVotes, input);
    const isSkip = skipCause({ ...scored, asksModel }, this.#stopKnown(), config) !== null;
    const entry = entryWanted(ownVotesFor(ownVotes, leaning), leaning);
    let known: DecisionNumbers | undefined;
    const whole = (): DecisionNumbers => {
      known ??= decideNumbers({ ...input, analysis: this.analysis });
      return known;
    };
    return {
      tradingsymbol: this.judgedAt.stock.tradingsymbol,
      barAt: epochMs((this.judgedAt.stock.columns.minute[this.judgedAt.at] ?? 0) * minuteMs),
      ...scored,
      technical,
      sentimentScore: noNews.score,
      sentimentConfidence: noNews.confidence,
      action: isSkip ? 'SKIP' : leaning,
      confidence: isSkip ? 0 : Math.min(1, Math.abs(scored.combined)),
      sizeFactor: isSkip ? 0 : size,
      ...(entry !== undefined && { entry }),
      get stopDistance() {
        return whole().stopDistance;
      },
      get targetDistance() {
        return whole().targetDistance;
      },
      get reason() {
        return whole().words();
      },
    };
  }

  get close(): Paise {
    return paise(this.judgedAt.stock.columns.close[this.judgedAt.at] ?? 0);
  }
}
