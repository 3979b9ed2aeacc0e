// What a paper exchange is started with, and the checks of what no type can say.
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
import { istDate, istInstant, istTime, sessionClock } from '../domain/session/sessionClock';
import { epochMs, type EpochMs, type Paise } from '../domain/units';
import { isLoopback } from '../domain/web/door';
import type { ScriptedCall } from './admin/script';
import { sessionSeed } from './books/world';
import type { HoldingTerms } from './engine/holdings';
import type { FaultSpec } from './faults/faultBox';
import type { PriceSource } from './market/priceSource';
import type { Profile } from './rest/profile';
import type { Quirks } from './rest/quirks';
import type { RequestLimits } from './rest/rateLimits';
import type { Credentials } from './rest/session';
import type { TlsText } from './server';

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
  /**
   * `HH:MM` the market's clock stands at first, or `now` for the host's own time of the date. Default the
   * day's pre-open, or its open with `openNow`.
   */
  readonly startAt?: string;
  /** How far the market's time is ahead of the host's where it follows it; 0 when absent. */
  readonly clockAheadMs?: number;
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
  /** Goes on with the session that the journal is of: its exchange was killed. */
  readonly resume?: boolean;
  /** Called when everything but the port is there. */
  readonly beforeListening?: () => Promise<void>;
  readonly credentials?: Credentials;
  /** Where a login sends the browser. Absent: a page of our own shows the request token. */
  readonly redirectUrl?: string;
  /** Whose account it is and what it may trade; the usual one fills what is absent. */
  readonly profile?: Partial<Profile>;
  /** Are there calls under /paper/? Default yes. Without them the exchange knows only Kite's own paths. */
  readonly hasAdmin?: boolean;
  /** Names under which a proxy or another machine asks for it, beside its addresses. */
  readonly names?: readonly string[];
  /** Guards /paper/. Absent: open on the loopback address. */
  readonly paperToken?: string;
  /** Serves https and wss instead of http and ws. */
  readonly tls?: TlsText;
  /** How far the `Date` header of answers is ahead of the host's clock. */
  readonly dateSkewSeconds?: number;
  /** Far rows of the list of instruments, beside what is listed. */
  readonly listingRows?: number;
  readonly limits?: RequestLimits;
  /** Armed from the start; more by POST /paper/faults. */
  readonly faults?: readonly FaultSpec[];
  /** Admin calls at the start and at market instants. */
  readonly script?: readonly ScriptedCall[];
  readonly quirks?: Partial<Quirks>;
  /** Addresses that may send orders; absent = all, empty = none. */
  readonly allowedAddresses?: readonly string[];
}

/** When the session is and what it draws from. */
export interface SessionStart {
  readonly day: TradingDay;
  readonly calendar: TradingCalendar;
  /** Where the market's clock stands first. */
  readonly startAt: EpochMs;
  /** Of every draw but those of the prices. */
  readonly seed: number;
}

/** @throws Refused for a date without a session, a bad speed, port, address, length or time of start. */
export function sessionStart(options: PaperExchangeOptions, hostNow: EpochMs): SessionStart {
  const { calendar = nseCalendar } = options;
  const day = requireTradingDay(parseSessionDate(options.date), calendar);
  requireSpeed(options);
  requirePort(options);
  requireRedirect(options);
  requirePrivacy(options);
  requireListingRows(options);
  const { date } = day;
  const startAt = startInstant(options, day, hostNow);
  return { day, calendar, startAt, seed: seedOf(options, date) };
}

function requireSpeed({ speed }: PaperExchangeOptions): void {
  if (speed > 0 && speed <= 10_000) return;
  throw new Refused({
    code: 'EXCHANGE_SPEED',
    message: `speed must be above 0 and at most 10000 market ms per host ms, was ${speed}`,
  });
}

function requirePort({ port = 0 }: PaperExchangeOptions): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new Refused({
    code: 'EXCHANGE_PORT',
    message: `port must be a whole number from 0 to 65535, was ${port}`,
  });
}

function requireRedirect({ redirectUrl: address }: PaperExchangeOptions): void {
  if (address === undefined || /^https?:\/\/[^#\s]+$/.test(address)) return;
  throw new Refused({
    code: 'EXCHANGE_REDIRECT',
    message: `redirectUrl must be an http or https address without a fragment, was "${address}"`,
  });
}

/** Keys and books in plain text, or an open control of the market, are for this machine only. */
function requirePrivacy({
  host = '127.0.0.1',
  tls,
  paperToken,
  hasAdmin,
}: PaperExchangeOptions): void {
  if (isLoopback(host)) return;
  const guarded = hasAdmin === false || paperToken !== undefined;
  if (tls !== undefined && guarded) return;
  const missing = tls === undefined ? 'a certificate (tls)' : 'a token for /paper/ (paperToken)';
  throw new Refused({
    code: 'EXCHANGE_HOST',
    message: `host is "${host}", an address others can reach: that needs ${missing}`,
  });
}

/** More than this would only slow the test that asks for it. */
const listingRowsMax = 1_000_000;

function requireListingRows({ listingRows: rows = 0 }: PaperExchangeOptions): void {
  if (Number.isInteger(rows) && rows >= 0 && rows <= listingRowsMax) return;
  throw new Refused({
    code: 'EXCHANGE_LISTING',
    message: `listingRows must be a whole number from 0 to ${listingRowsMax}, was ${rows}`,
  });
}

/** Does the market's clock follow the host's? A market that goes on elsewhere can have no other. */
export const followsHost = ({ startAt, source }: PaperExchangeOptions): boolean =>
  startAt === 'now' || source.kind === 'feed';

function startInstant(options: PaperExchangeOptions, day: TradingDay, hostNow: EpochMs): EpochMs {
  if (!followsHost(options)) return istInstant(day.date, startTime(options, day));
  const now = epochMs(hostNow + (options.clockAheadMs ?? 0));
  const today = istDate(now);
  // One that goes on elsewhere may be waited for.
  if (day.date === today || options.source.kind === 'feed') return now;
  throw new Refused({
    code: 'EXCHANGE_START',
    message: `startAt "now" is for today's session: the date must be ${today}, was ${day.date}`,
  });
}

function startTime({ startAt, openNow }: PaperExchangeOptions, day: TradingDay): string {
  const { preOpen, open } = sessionClock(day, true);
  const time = startAt ?? istTime(openNow === true ? open : preOpen).slice(0, 5);
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return time;
  throw new Refused({
    code: 'EXCHANGE_START',
    message: `startAt must be a time like 09:00 or "now", was "${time}"`,
  });
}

/** A world's sessions draw differently from each other. */
function seedOf({ source, booksFile }: PaperExchangeOptions, date: SessionDate): number {
  const seed = 'seed' in source ? (source.seed ?? 1) : 1;
  return booksFile === undefined ? seed : sessionSeed(seed, date);
}
