// One recorded day for the commands that judge it again and again: its candles are read once.
import { chooseDays, chooseModel, loadSignalModel, type SignalModel } from '../backtest';
import { recordDay, type RecordedDay } from '../backtest/recordedDay';
import type { SessionDate } from '../domain/session/calendar';
import type { EpochMs } from '../domain/units';
import type { CandleSeries } from '../exchange/market/candleFiles';
import { recordedMarkets } from '../exchange/market/replay';
import { loadConfig, type RatchetConfig } from '../infra/config/config';
import { readCalendar } from '../infra/config/sections/calendar';
import { neededOf } from './recordedFlags';
import { say } from './text/output';

export interface OneDayFlags {
  readonly replay: string;
  readonly factors?: string;
  readonly date: string;
  readonly config?: string;
  readonly model?: string;
}

export interface OneRecordedDay {
  readonly date: SessionDate;
  readonly config: RatchetConfig;
  readonly model: SignalModel | null;
  /**
   * The day as if every file ended at an instant: stocks, index, listings and limits are made of what is left. null:
   * whole.
   */
  readonly dayUntil: (cutAt: EpochMs | null) => RecordedDay;
}

/** @throws Refused as a backtest of the day would be. */
export async function oneRecordedDay(flags: OneDayFlags): Promise<OneRecordedDay> {
  const config = loadConfig(flags.config);
  const calendar = readCalendar(config.calendar);
  const { replay: directory, factors: factorsFile, date: asked } = flags;
  const all: CandleSeries[] = [];
  const seen = (one: CandleSeries): void => void all.push(neededOf(one, { date: asked }));
  const [chosen] = chooseDays(directory, { date: asked }, calendar, {
    factorsFile,
    remark: say,
    seen,
  });
  const date = chosen?.date ?? asked;
  const { version, remark } = chooseModel(flags.model, [date]);
  if (remark !== undefined) say(remark);
  const model = version === null ? null : await loadSignalModel(version);
  const dayUntil = (cutAt: EpochMs | null): RecordedDay => {
    const series = all.map((one) => ({
      ...one,
      candles: one.candles.filter(({ at }) => cutAt === null || at < cutAt),
    }));
    const marketOf = recordedMarkets({ directory, calendar, seed: 7, series }, [date]);
    return recordDay(date, marketOf(date));
  };
  return { date, config, model, dayUntil };
}
