// What a search knows of that which plays a day. An engine may be exact or fast; a search does not see which.
import type { SessionDate } from '../../domain/session/calendar';
import type { EpochMs, Paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import { chanceFor } from '../../exchange/market/chance';
import { figuresOf } from '../measures';
import { randomEntries } from '../randomEntries';
import type { TradableDay } from '../tradableDay';
import type { TradesOfDay } from '../tradedTerms';

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

/** What was traded, as a search knows it. */
export function dayResult(
  date: SessionDate,
  { trades, approved }: Pick<TradesOfDay, 'trades' | 'approved'>,
): DayResult {
  const { netPnl, grossPnl, charges } = figuresOf(trades);
  return {
    ...{ date, netPnl, grossPnl, charges, entries: approved.length },
    trades: trades.map((trade) => ({
      entryAt: trade.entryAt,
      exitAt: trade.exitAt,
      grossPnl: trade.grossPnl,
      netPnl: trade.netPnl,
    })),
  };
}

/** Net results of days with as many random entries instead, one a run. */
export function twinResults(
  { market, judged, trade }: Pick<TradableDay, 'market' | 'judged' | 'trade'>,
  sizeFactors: readonly number[],
  {
    config,
    seed,
    runs,
  }: { readonly config: RatchetConfig; readonly seed: number; readonly runs: number },
): readonly Paise[] {
  return Array.from({ length: runs }, (_, run) => {
    const chance = chanceFor(seed, `lots/${market.date}/${run + 1}`);
    const plan = randomEntries(judged, sizeFactors, config.decision, chance);
    return figuresOf(trade(plan).trades).netPnl;
  });
}

export interface DayEngine {
  /** @throws Refused where the configuration cannot be played on this day. */
  play(date: SessionDate, config: RatchetConfig): Promise<DayResult>;
  /** Net results of the same day with as many random entries instead, one a run. */
  twins(date: SessionDate, config: RatchetConfig, runs: number): Promise<readonly Paise[]>;
}
