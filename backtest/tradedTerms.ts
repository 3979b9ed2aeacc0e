// What a day is traded by, and what comes of it, whatever matches its orders.
import type { EntryDay } from '../domain/entry';
import type { ScreenedStock } from '../domain/market/screen';
import type { PositionTerms } from '../domain/position';
import type { RiskApproved, RiskLimits } from '../domain/risk';
import type { TradingDay } from '../domain/session/calendar';
import type { EpochMs, Paise } from '../domain/units';
import type { DayTrade } from './tradedPosition';

/** Time from that tick to the question to risk: writing the candles, reading them, judging. */
export const judgementMs = 500;

export interface DayTerms {
  readonly day: TradingDay;
  readonly entryDay: EntryDay;
  readonly stocks: readonly ScreenedStock[];
  readonly risk: RiskLimits;
  readonly cash: Paise;
  readonly seed: number;
}

/** What a day's entries came to, whatever matched them. */
export interface TradesOfDay {
  /** Trades of every approved entry that filled, in the order they closed. */
  readonly trades: readonly DayTrade[];
  /** Entries that risk approved, filled or not. */
  readonly approved: readonly RiskApproved<PositionTerms>[];
  readonly sizeFactors: readonly number[];
  readonly refusals: Readonly<Record<string, number>>;
  /** Ends of bars after which the feed was silent. Nothing is decided or entered on them. */
  readonly staleBars: readonly EpochMs[];
}
