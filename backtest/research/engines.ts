// The engines by name, opened from what can be sent to a thread.
import type { SessionDate, TradingCalendar } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import type { Fidelity } from '../bars';
import { openMarket } from '../openMarket';
import { loadSignalModel } from '../signalModel';
import { BarsDays } from './barsDays';
import { engineOf, type DayEngine } from './dayEngine';
import { ExchangeDays } from './exchangeDays';

/** How an engine is opened; plain, so that it can be sent and stored. */
export interface EngineSpec {
  readonly kind: Fidelity;
  readonly directory: string;
  readonly factorsFile: string | null;
  /** Version of the signal-quality model; null without one. */
  readonly model: string | null;
  readonly cash: Paise;
  readonly seed: number;
  readonly calendar: TradingCalendar;
}

/** Reads the folder once. @param dates those that will be asked for. */
export async function openEngine(
  { kind, directory, factorsFile, model: version, cash, seed, calendar }: EngineSpec,
  dates: readonly SessionDate[],
): Promise<DayEngine> {
  const factors = factorsFile === null ? {} : { factorsFile };
  const { marketOf, barsOf } = openMarket(kind, { directory, calendar, seed, ...factors }, dates);
  const terms = { model: version === null ? null : await loadSignalModel(version), cash, seed };
  const days =
    barsOf === undefined
      ? new ExchangeDays({ ...terms, marketOf })
      : new BarsDays({ ...terms, barsOf });
  return engineOf(days, seed);
}
