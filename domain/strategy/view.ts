// What a strategy may look at when a bar of a stock closes. Nothing here is later than that instant.
import type { IndicatorSnapshot } from '../indicators/snapshot';
import type { SessionDate } from '../session/calendar';
import type { SentimentView } from '../sentiment/view';

/** One session's levels. Prices in paise, volume in shares. */
export interface DayLevels {
  readonly date: SessionDate;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The bars of one stock or index, oldest first. */
export interface SeriesView {
  readonly tradingsymbol: string;
  /** Today's bars and those of the three sessions before; the last one has just closed. */
  readonly bars: readonly IndicatorSnapshot[];
  /** Those of today's session. */
  readonly session: readonly IndicatorSnapshot[];
  /** The levels of earlier sessions, oldest first: those that `bars` reach back to. */
  readonly days: readonly DayLevels[];
}

/** One stock on one bar, with the market around it. */
export interface MarketView extends SeriesView {
  /** The bar that has just closed: the last of `bars`. */
  readonly bar: IndicatorSnapshot;
  /** NIFTY 50; null where its prices are not known. */
  readonly index: SeriesView | null;
  /** All watched stocks whose bar closed at this instant, this one too, by name. */
  readonly universe: readonly SeriesView[];
  /** What the news say of the stock. */
  readonly news: SentimentView;
  /** Whole minutes of the session that have passed at the bar's end. */
  readonly minutesSinceOpen: number;
}

/** Values of a strategy's own indicators by name, one a bar. */
export type OwnValues = Readonly<Record<string, readonly (number | null)[]>>;

/** What a strategy is shown: the market, and what its own indicators make of it. */
export interface StrategyView extends MarketView {
  /** Values of the strategy's own indicators, by name, one a bar of `bars`; null while one warms up. */
  readonly own: OwnValues;
  /** What they make of the bars upside down: `mirrored` shows these to the rule that looks for a fall. */
  readonly ownMirrored: OwnValues;
}
