// The recorded markets of a folder, read once, in the fidelity that is asked for.
import { candleSeries } from '../exchange/market/candleFiles';
import { recordedMarkets } from '../exchange/market/replay';
import type { SessionDate } from '../domain/session/calendar';
import { nseCalendar } from '../domain/session/nseCalendar';
import type { MarketSource } from '../exchange/market/source';
import { BarMarket, type BarDay, type Fidelity } from './bars';

/** Each answers for a date. @throws Refused where the date has no candles. */
export interface RecordedMarkets {
  readonly marketOf: (date: SessionDate) => MarketSource;
  /** The candles alone, where they and not our exchange fill orders: the fidelity `bars`. */
  readonly barsOf?: (date: SessionDate) => BarDay;
}

type Folder = Parameters<typeof recordedMarkets>[0];

/** @param dates those that will be asked for. */
export function openMarket(
  fidelity: Fidelity,
  folder: Folder,
  dates: readonly SessionDate[],
): RecordedMarkets {
  const marketOf = recordedMarkets(folder, dates);
  if (fidelity === 'exchange') return { marketOf };
  const { calendar = nseCalendar, membership } = folder;
  const market = new BarMarket(folder.series ?? candleSeries(folder), calendar, membership);
  return { marketOf, barsOf: (date) => market.day(date) };
}
