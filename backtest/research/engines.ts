// The engines by name, opened from what can be sent to a thread.
import type { SessionDate } from '../../domain/session/calendar';
import type { TradingCalendar } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import { recordedMarkets } from '../../exchange/market/replay';
import { loadSignalModel } from '../signalModel';
import type { DayEngine } from './dayEngine';
import { ExchangeEngine } from './exchangeEngine';

/** How an engine is opened; plain, so that it can be sent and stored. */
export interface EngineSpec {
  readonly kind: 'exchange';
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
  { directory, factorsFile, model, cash, seed, calendar }: EngineSpec,
  dates: readonly SessionDate[],
): Promise<DayEngine> {
  const folder = { directory, calendar, seed };
  const factors = factorsFile === null ? {} : { factorsFile };
  return new ExchangeEngine({
    model: model === null ? null : await loadSignalModel(model),
    cash,
    seed,
    marketOf: recordedMarkets({ ...folder, ...factors }, dates),
  });
}
