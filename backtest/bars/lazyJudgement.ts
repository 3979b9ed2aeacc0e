// One stock on one bar, read from columns. What nobody asks for is not made: of a day's stock-bars few are traded.
import { agentNames } from '../../domain/agents';
import {
  analyseBars,
  decide,
  recentBars,
  type Decision,
  type DecisionConfig,
  type StockAnalysis,
} from '../../domain/decision';
import { ColumnBar } from '../../domain/indicators';
import { paise, type Paise } from '../../domain/units';
import type { StockJudgement } from '../judgedDay';
import { noNews } from './castBars';
import type { CastStock } from './castStocks';

export class LazyJudgement implements StockJudgement {
  readonly #stock: CastStock;
  readonly #at: number;
  readonly #config: DecisionConfig;
  #analysis: StockAnalysis | undefined;
  #decision: Decision | undefined;
  /** The signal-quality model's, for both sides; to be set before the decision is asked for. */
  probabilities: readonly [number | null, number | null] = [null, null];

  constructor(stock: CastStock, at: number, config: DecisionConfig) {
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

  get decision(): Decision {
    const [probabilityLong, probabilityShort] = this.probabilities;
    this.#decision ??= decide({
      analysis: this.analysis,
      sentiment: noNews,
      probabilityLong,
      probabilityShort,
      config: this.#config,
    });
    return this.#decision;
  }

  get close(): Paise {
    return paise(this.#stock.columns.close[this.#at] ?? 0);
  }
}
