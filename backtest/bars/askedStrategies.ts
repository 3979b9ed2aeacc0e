// The bars that end at an instant, and what the user's strategies say of them. Strategies are shown plain bars, made once
// each; without strategies none is made.
import type { DecisionConfig } from '../../domain/decision';
import {
  ColumnBar,
  plainSnapshot,
  type BarColumns,
  type IndicatorSnapshot,
} from '../../domain/indicators';
import { neutralSentiment } from '../../domain/sentiment/view';
import type { OwnVotes, Voters } from '../../domain/strategy';
import type { EpochMs } from '../../domain/units';
import { ownVotesOn } from '../../infra/strategies/asked';
import type { CastStock } from './castStocks';

const minuteMs = 60_000;

interface BarOf {
  readonly stock: CastStock;
  readonly at: number;
}

interface AskedBy {
  readonly config: DecisionConfig;
  readonly voters: Voters;
}

export class AskedStrategies {
  readonly #stocks: readonly CastStock[];
  readonly #by: AskedBy;
  /** The first bar of each stock that has not been passed. */
  readonly #next: number[];
  readonly #plain = new Map<BarColumns, IndicatorSnapshot[]>();

  constructor(stocks: readonly CastStock[], by: AskedBy) {
    this.#stocks = stocks;
    this.#by = by;
    this.#next = stocks.map(({ cast }) => cast.first);
  }

  barsEnding(barEnd: EpochMs): readonly BarOf[] {
    const start = barEnd / minuteMs - this.#by.config.barMinutes;
    return this.#stocks.flatMap((stock, index) => {
      const { minute } = stock.columns;
      let at = this.#next[index] ?? 0;
      while (at < minute.length && (minute[at] ?? 0) < start) at += 1;
      this.#next[index] = at;
      return minute[at] === start ? [{ stock, at }] : [];
    });
  }

  ownVotes(found: readonly BarOf[], barEnd: EpochMs): Promise<OwnVotes> {
    const { voters } = this.#by;
    if (voters.strategies.length === 0) return ownVotesOn(voters, []);
    return ownVotesOn(
      voters,
      found.map(({ stock, at }) => ({
        tradingsymbol: stock.tradingsymbol,
        bars: this.#barsUntil(stock.columns, at),
        news: neutralSentiment(barEnd),
      })),
    );
  }

  #barsUntil(columns: BarColumns, last: number): readonly IndicatorSnapshot[] {
    const bars = this.#plain.get(columns) ?? [];
    this.#plain.set(columns, bars);
    for (let at = bars.length; at <= last; at += 1)
      bars.push(plainSnapshot(new ColumnBar(columns, at)));
    return bars.slice(0, last + 1);
  }
}
