// The engines by name, opened from what can be sent to a thread.
import type { SessionDate } from '../../domain/session/calendar';
import type { TradingCalendar } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import { recordedMarkets } from '../../exchange/market/replay';
import { candleSeries } from '../../exchange/market/candleFiles';
import { BarMarket, type Fidelity } from '../bars';
import { loadSignalModel } from '../signalModel';
import { BarsEngine } from './barsEngine';
import type { DayEngine } from './dayEngine';
import { ExchangeEngine } from './exchangeEngine';

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
  const folder = { directory, calendar, ...factors };
  const model = version === null ? null : await loadSignalModel(version);
  if (kind === 'exchange')
    return new ExchangeEngine({
      model,
      cash,
      seed,
      marketOf: recordedMarkets({ ...folder, seed }, dates),
    });
  const market = new BarMarket(candleSeries(folder), calendar);
  return new BarsEngine({ model, cash, seed, dayOf: (date) => market.day(date) });
}
