// The paper exchange: Kite Connect v3 (REST and ticker on one port of this machine) over a generated,
// replayed or scripted day. The surprising thing: the market's clock is not the host's; it can stand
// still, run 200 times as fast or be years ago.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { RateCard } from '../domain/charges';
import { Refused } from '../domain/errors';
import {
  parseSessionDate,
  requireTradingDay,
  type SessionDate,
  type TradingCalendar,
  type TradingDay,
} from '../domain/session/calendar';
import { nseCalendar } from '../domain/session/nseCalendar';
import { istInstant, istTime, sessionClock } from '../domain/session/sessionClock';
import { epochMs, type Paise } from '../domain/units';
import type { ScriptedCall } from './admin/script';
import type { WorldBooks } from './books/booksFile';
import {
  WorldKeeper,
  booksBefore,
  requireWorldListed,
  sessionSeed,
  worldSoFar,
} from './books/world';
import { Exchange } from './engine/exchange';
import type { HoldingTerms } from './engine/holdings';
import { writtenLine, type JournalSink } from './engine/journal';
import { RunningClock } from './engine/marketClock';
import { generatedMarket } from './market/generated';
import { replayedMarket } from './market/replay';
import { scriptedMarket, type ScriptedStock } from './market/scripted';
import type { MarketSource } from './market/source';
import { FaultBox, type FaultSpec } from './faults/faultBox';
import { usualQuirks, type Quirks } from './rest/quirks';
import { RateLimiter, kiteLimits, type RequestLimits } from './rest/rateLimits';
import { Session, newCredentials, type Credentials } from './rest/session';
import { serve } from './server';

export type PriceSource =
  | { readonly kind: 'generated'; readonly seed: number }
  | {
      readonly kind: 'replay';
      readonly directory: string;
      readonly seed?: number;
      readonly headlinesFile?: string;
    }
  | { readonly kind: 'scripted'; readonly instruments: readonly ScriptedStock[] };

export interface PaperExchangeOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly date: SessionDate;
  /** The shipped list when absent. */
  readonly calendar?: TradingCalendar | undefined;
  readonly source: PriceSource;
  /** Market milliseconds per host millisecond; 1 = real time. */
  readonly speed: number;
  /** `HH:MM` the market's clock stands at first. Default the day's pre-open, or its open with `openNow`. */
  readonly startAt?: string;
  /** The clock stands until `startClock` or POST /paper/clock/start. */
  readonly held: boolean;
  readonly openNow?: boolean;
  readonly openingCash: Paise;
  /** What the account holds in demat when the day begins. */
  readonly holdings?: readonly HoldingTerms[];
  /** What is charged, by date; NSE through Zerodha when absent. */
  readonly rateCards?: readonly RateCard[];
  /**
   * The file of a paper world: opened with where it exists (then `openingCash` and `holdings` are not
   * used), written at the session's end. Absent: the account begins and ends with the session.
   */
  readonly booksFile?: string;
  /** Append-only JSON lines. Absent: none is kept. */
  readonly journalPath?: string;
  readonly credentials?: Credentials;
  /** Guards /paper/. Absent: open on the loopback address. */
  readonly paperToken?: string;
  readonly limits?: RequestLimits;
  /** Armed from the start; more by POST /paper/faults. */
  readonly faults?: readonly FaultSpec[];
  /** Admin calls at the start and at market instants. */
  readonly script?: readonly ScriptedCall[];
  readonly quirks?: Partial<Quirks>;
  /** Addresses that may send orders; absent = all, empty = none. */
  readonly allowedAddresses?: readonly string[];
}

export interface PaperExchange {
  readonly rest: string;
  readonly ticker: string;
  readonly apiKey: string;
  readonly accessToken: string;
  /** The machine itself, for tests that look inside. */
  readonly exchange: Exchange;
  startClock(): void;
  close(): Promise<void>;
}

/**
 * Starts the exchange and listens.
 * @throws Refused in one sentence: a date without a session, a missing replay folder, a bad speed, a
 * port in use.
 */
export async function startPaperExchange(options: PaperExchangeOptions): Promise<PaperExchange> {
  const { calendar, day } = calendarDay(options);
  const { date } = day;
  const startAt = istInstant(date, checkedStart(options, day));
  const { booksFile } = options;
  const universe = universeOf(options.source);
  const before = booksFile === undefined ? undefined : booksBefore(booksFile, date, universe);
  const source = marketOf(options.source, { date, calendar }, before);
  const { holdings = [] } = before ?? options;
  if (before === undefined) requireListed(holdings, source);
  else requireWorldListed(before, source);
  const seed = seedOf(options, date);
  const keeper = booksFile === undefined ? undefined : new WorldKeeper(booksFile, universe, before);
  const journal = openJournal(options.journalPath);
  const credentials = options.credentials ?? newCredentials();
  const session = new Session(credentials);
  const faults = new FaultBox(seed, options.faults);
  const exchange = new Exchange({
    day,
    seed,
    source,
    openingCash: before?.cash ?? options.openingCash,
    startAt,
    journal: (line) => {
      journal.write(line);
      keeper?.noted();
    },
    faults,
    holdings,
    gtts: before?.gtts,
    rateCards: options.rateCards,
  });
  keeper?.attach(exchange);
  const hostNow = (): ReturnType<typeof epochMs> => epochMs(Date.now());
  const clock = new RunningClock(startAt, options.speed, options.held, hostNow);
  const limiter = new RateLimiter(options.limits ?? kiteLimits);
  const quirks = { ...usualQuirks, ...options.quirks };
  const { allowedAddresses } = options;
  const scene = { exchange, session, clock, faults, limiter, quirks, allowedAddresses, hostNow };
  const { host = '127.0.0.1', port = 0, paperToken, script = [] } = options;
  const server = await serve(scene, { host, port, paperToken, script });
  return {
    rest: `http://${host}:${server.port}`,
    ticker: `ws://${host}:${server.port}/`,
    apiKey: credentials.apiKey,
    accessToken: credentials.accessToken,
    exchange,
    startClock: server.startClock,
    close: async () => {
      await server.close();
      keeper?.close();
      journal.close();
    },
  };
}

/** @throws Refused for a date without a session. */
function calendarDay({ date, calendar = nseCalendar }: PaperExchangeOptions): {
  readonly calendar: TradingCalendar;
  readonly day: TradingDay;
} {
  return { calendar, day: requireTradingDay(parseSessionDate(date), calendar) };
}

function requireListed(holdings: readonly HoldingTerms[], { listings }: MarketSource): void {
  const listed = new Set(
    listings.filter(({ isIndex }) => !isIndex).map((one) => one.tradingsymbol),
  );
  const missing = holdings.find(({ tradingsymbol }) => !listed.has(tradingsymbol));
  if (missing === undefined) return;
  throw new Refused({
    code: 'EXCHANGE_HOLDINGS',
    message: `holdings name "${missing.tradingsymbol}", which is not listed on this day`,
  });
}

/** Draws of the account's own; those of a world's session are its own. */
function seedOf({ source, booksFile }: PaperExchangeOptions, date: SessionDate): number {
  const seed = 'seed' in source ? (source.seed ?? 1) : 1;
  return booksFile === undefined ? seed : sessionSeed(seed, date);
}

/** Whose prices a world's are: its books are worth nothing at another's. */
function universeOf(source: PriceSource): string {
  switch (source.kind) {
    case 'generated':
      return `days generated by seed ${source.seed}`;
    case 'replay':
      return 'recorded days';
    case 'scripted':
      return `scripted ${source.instruments.map((one) => one.tradingsymbol).join(', ')}`;
  }
}

/** A world's prices go on from its last closes, but for recorded days, which are what they were. */
function marketOf(
  source: PriceSource,
  { date, calendar }: { readonly date: SessionDate; readonly calendar: TradingCalendar },
  before: WorldBooks | undefined,
): MarketSource {
  switch (source.kind) {
    case 'generated':
      return generatedMarket(date, source.seed, { world: before && worldSoFar(before), calendar });
    case 'replay':
      return replayedMarket({ ...source, date, calendar, seed: source.seed ?? 1 });
    case 'scripted': {
      const last = before?.closes[before.date] ?? {};
      const stocks = source.instruments.map((one) => {
        const close = last[one.tradingsymbol];
        return close === undefined ? one : { ...one, price: close / 100 };
      });
      return scriptedMarket(date, stocks, calendar);
    }
  }
}

function checkedStart(
  { port = 0, speed, startAt, openNow }: PaperExchangeOptions,
  day: TradingDay,
): string {
  if (!(speed > 0 && speed <= 10_000)) {
    throw new Refused({
      code: 'EXCHANGE_SPEED',
      message: `speed must be above 0 and at most 10000 market ms per host ms, was ${speed}`,
    });
  }
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new Refused({
      code: 'EXCHANGE_PORT',
      message: `port must be a whole number from 0 to 65535, was ${port}`,
    });
  }
  const { preOpen, open } = sessionClock(day, true);
  const time = startAt ?? istTime(openNow === true ? open : preOpen).slice(0, 5);
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return time;
  throw new Refused({
    code: 'EXCHANGE_START',
    message: `startAt must be a time like 09:00, was "${time}"`,
  });
}

function openForAppend(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused({
      code: 'EXCHANGE_JOURNAL',
      message: `journal "${path}" cannot be written: ${why}`,
    });
  }
}

/** One write per line, straight to the file: what was acknowledged is on record. */
function openJournal(path: string | undefined): { write: JournalSink; close: () => void } {
  if (path === undefined) return { write: () => undefined, close: () => undefined };
  const file = openForAppend(path);
  return {
    write: (line) => writeSync(file, `${JSON.stringify(writtenLine(line, epochMs(Date.now())))}\n`),
    close: () => closeSync(file),
  };
}
