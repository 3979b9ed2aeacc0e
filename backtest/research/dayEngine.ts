// What a search knows of that which plays a day. An engine may be exact or fast; a search does not see which.
import type { SessionDate } from '../../domain/session/calendar';
import type { EpochMs, Paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';

export interface EngineTrade {
  readonly entryAt: EpochMs;
  readonly exitAt: EpochMs;
  readonly grossPnl: Paise;
  readonly netPnl: Paise;
}

/** A day under one configuration. Net is after charges. */
export interface DayResult {
  readonly date: SessionDate;
  readonly netPnl: Paise;
  readonly grossPnl: Paise;
  readonly charges: Paise;
  /** Entries that risk approved, filled or not. */
  readonly entries: number;
  /** In the order they were closed. */
  readonly trades: readonly EngineTrade[];
}

export interface DayEngine {
  /** @throws Refused where the configuration cannot be played on this day. */
  play(date: SessionDate, config: RatchetConfig): Promise<DayResult>;
  /** Net results of the same day with as many random entries instead, one a run. */
  twins(date: SessionDate, config: RatchetConfig, runs: number): Promise<readonly Paise[]>;
}
