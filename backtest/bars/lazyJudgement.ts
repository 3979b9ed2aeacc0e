// One stock on one bar, read from columns. What nobody asks for is not made: of a day's stock-bars few are traded.
import { agentNames } from '../../domain/agents';
import {
  analyseBars,
  decideNumbers,
  recentBars,
  type Decision,
  scoreDecision,
  skipCause,
  type DecisionConfig,
  type DecisionNumbers,
  type StockAnalysis,
} from '../../domain/decision';
import { ColumnBar } from '../../domain/indicators';
import { epochMs, paise, type Paise } from '../../domain/units';
import type { StockJudgement } from '../judgedDay';
import { noNews } from './castBars';
import type { CastStock } from './castStocks';

/** A stock's bar, and the technical score of its votes. */
export interface JudgedAt {
  readonly stock: CastStock;
  readonly at: number;
  readonly technical: number;
}

const minuteMs = 60_000;

export class LazyJudgement implements StockJudgement {
  readonly #stock: CastStock;
  readonly #at: number;
  readonly #config: DecisionConfig;
  readonly #technical: number;
  #analysis: StockAnalysis | undefined;
  #decision: Decision | undefined;
  /** The signal-quality model's, for both sides; to be set before the decision is asked for. */
  probabilities: readonly [number | null, number | null] = [null, null];

  constructor({ stock, at, technical }: JudgedAt, config: DecisionConfig) {
    this.#technical = technical;
    this.#stock = stock;
    this.#at = at;
    this.#config = config;
  }

  isOf(stock: CastStock): boolean {
    return stock === this.#stock;
  }

  /** The agents' signed confidences. */
  get signed(): Float64Array {
    const { signed, first } = this.#stock.cast;
    const place = (this.#at - first) * agentNames.length;
    return signed.subarray(place, place + agentNames.length);
  }

  get analysis(): StockAnalysis {
    const { columns, tradingsymbol } = this.#stock;
    const first = Math.max(0, this.#at - recentBars);
    this.#analysis ??= analyseBars(
      Array.from(
        { length: this.#at - first + 1 },
        (_, index) => new ColumnBar(columns, first + index),
      ),
      { instrument: { tradingsymbol }, sentiment: noNews, config: this.#config },
    );
    return this.#analysis;
  }

  /** Its scores at once; its levels and words when they are read. */
  get decision(): Decision {
    this.#decision ??= this.#decided();
    return this.#decision;
  }

  #decided(): Decision {
    const [probabilityLong, probabilityShort] = this.probabilities;
    const config = this.#config;
    const input = { sentiment: noNews, probabilityLong, probabilityShort, config };
    const { leaning, size, ...scored } = scoreDecision(this.#technical, input);
    // Every stop is a multiple of the true range, so it is known where the range is.
    const range = this.#stock.columns.atr14[this.#at] ?? NaN;
    const isSkip = skipCause(scored, range > 0 ? range : 0, config) !== null;
    let known: DecisionNumbers | undefined;
    const whole = (): DecisionNumbers => {
      known ??= decideNumbers({ ...input, analysis: this.analysis });
      return known;
    };
    return {
      tradingsymbol: this.#stock.tradingsymbol,
      barAt: epochMs((this.#stock.columns.minute[this.#at] ?? 0) * minuteMs),
      ...scored,
      technical: this.#technical,
      sentimentScore: noNews.score,
      sentimentConfidence: noNews.confidence,
      action: isSkip ? 'SKIP' : leaning,
      confidence: isSkip ? 0 : Math.min(1, Math.abs(scored.combined)),
      sizeFactor: isSkip ? 0 : size,
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
    return paise(this.#stock.columns.close[this.#at] ?? 0);
  }
}
