// A stock's industry, by which its risk is grouped. The table (industries.json) is NSE's own grouping of the
// companies of the NIFTY 500; what it does not name is one group, so that a limit binds there, too.
import type { SessionDate } from '../session/calendar';
import industries from './industries.json';

/** The list the table was last completed from. A stock regrouped since then is in its former industry. */
export const industriesAsOf: SessionDate = '2026-07-20';

const known: ReadonlyMap<string, string> = new Map(Object.entries(industries));

/** The group of every stock that nobody has classified. */
export const unknownSector = 'UNKNOWN';

/** Industries by tradingsymbol that go before the table's. */
export type SectorOverrides = Readonly<Record<string, string>>;

/** The stock's industry, `unknownSector` where neither the overrides nor the table name it. */
export const sectorOf = (tradingsymbol: string, overrides: SectorOverrides = {}): string =>
  new Map(Object.entries(overrides)).get(tradingsymbol) ??
  known.get(tradingsymbol) ??
  unknownSector;
