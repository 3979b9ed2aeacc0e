// Reads everything the checks look at. Nothing here throws: what cannot be read is a fact of its own.
import type { Pool } from 'pg';
import type { AccountBooks, AccountProfile, BrokerReader } from '../../broker/port';
import type {
  ListsFact,
  ReadinessFacts,
  ReadinessNeeds,
  ReceiverFact,
} from '../../domain/readiness';
import { industriesAsOf } from '../../domain/market/sectors';
import type { InstallationId } from '../../domain/position';
import type { SessionDate, TradingCalendar } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import { readSurveillance } from '../marketData/screener';
import { readAddress } from './address';
import { readClock } from './clock';
import { readOtherInstallation } from './otherInstallation';
import { read } from './patiently';
import { readDatabase, readFolder } from './stores';

export interface ReadinessPorts {
  readonly config: RatchetConfig;
  readonly calendar: TradingCalendar;
  readonly broker: BrokerReader;
  readonly profile: () => Promise<AccountProfile>;
  readonly books: () => Promise<AccountBooks>;
  /** The page on which a person logs in; null before the first login. */
  readonly login: () => string | null;
  /** Our database; null while the system is not up. */
  readonly pool: Pool | null;
  /** Which Ratchet we are; undefined before the system has been up for the first time. */
  readonly installation: InstallationId | undefined;
  /** Where the account's state lies. */
  readonly folder: string;
  readonly receivers: () => Promise<readonly ReceiverFact[]>;
}

/** Kite lists more than twice as many. A stand-in lists what it likes. */
const kiteStocksMin = 1_000;

/** What the configuration asks of a session. */
export function readinessNeeds(
  config: RatchetConfig,
  calendar: TradingCalendar,
  date: SessionDate,
): ReadinessNeeds {
  const { mode, kiteUser, longProduct, staticAddress, brokerUrl } = config;
  return {
    // A shadow trades on an exchange of its own, as paper does.
    mode: mode === 'live' ? 'live' : 'paper',
    date,
    calendar,
    industriesAsOf,
    user: kiteUser ?? null,
    products: longProduct === 'MIS' ? ['MIS'] : ['MIS', longProduct],
    strategies: config.strategies.use ?? null,
    staticAddress: staticAddress ?? null,
    stocksMin: mode === 'live' && brokerUrl === undefined ? kiteStocksMin : 1,
  };
}

/**
 * @param date the session it is asked for.
 * @param cash where it has just been read.
 */
export async function readinessFacts(
  {
    config,
    broker,
    profile: askProfile,
    books,
    login,
    pool,
    installation,
    folder,
    receivers,
  }: ReadinessPorts,
  date: SessionDate,
  cash?: Paise,
): Promise<ReadinessFacts> {
  const { account, universe, screener } = config;
  const [profile, money, clock, address, lists, surveillance, told, kept, database, other] =
    await Promise.all([
      read(askProfile),
      read(async () => cash ?? (await broker.funds()).cash),
      read(() => readClock(broker)),
      read(() => readAddress(broker, config)),
      read(() => readLists(broker, universe)),
      read(() => Promise.resolve(readSurveillance(screener.surveillanceFile, date)?.asOf ?? null)),
      read(receivers),
      read(() => readFolder(folder)),
      pool === null ? null : read(() => readDatabase(pool)),
      read(async () => readOtherInstallation(await books(), { account, installation, pool })),
    ]);
  return {
    profile,
    cash: money,
    clock,
    address,
    lists,
    surveillance,
    database,
    login: login(),
    receivers: told,
    folder: kept,
    otherInstallation: other,
  };
}

async function readLists(
  broker: BrokerReader,
  universe: readonly string[] = [],
): Promise<ListsFact> {
  const stocks = await broker.listing();
  const underlyings = await broker.underlyings();
  const listed = new Set(stocks.map(({ tradingsymbol }) => tradingsymbol));
  return {
    stocks: stocks.length,
    withFutures: underlyings.size,
    missing: universe.filter((tradingsymbol) => !listed.has(tradingsymbol)),
  };
}
