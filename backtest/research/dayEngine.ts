// What a search knows of that which plays a day. An engine may be exact or fast; a search does not see which.
import type { SessionDate } from '../../domain/session/calendar';
import type { EpochMs, Paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import { figuresOf } from '../measures';
import { lotRun, type TradableDay } from '../tradableDay';

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

/** Recorded days under whatever configuration, kept as far as a change of it leaves them as they were. */
export interface KeptDays {
  readonly tradable: (date: SessionDate, config: RatchetConfig) => Promise<TradableDay>;
}

/** @param seed of the lots. */
export const engineOf = ({ tradable }: KeptDays, seed: number): DayEngine => ({
  async play(date, config) {
    const { trade, plan } = await tradable(date, config);
    const { trades, approved } = trade(plan);
    const { netPnl, grossPnl, charges } = figuresOf(trades);
    return {
      ...{ date, netPnl, grossPnl, charges, entries: approved.length },
      trades: trades.map((one) => ({
        entryAt: one.entryAt,
        exitAt: one.exitAt,
        grossPnl: one.grossPnl,
        netPnl: one.netPnl,
      })),
    };
  },
  async twins(date, config, runs) {
    const day = await tradable(date, config);
    const { sizeFactors } = day.trade(day.plan);
    const by = { seed, decision: config.decision };
    return Array.from({ length: runs }, (_, run) => lotRun(run + 1, day, sizeFactors, by).netPnl);
  },
});
