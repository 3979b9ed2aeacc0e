// Starts the paper exchange: Kite Connect v3 (REST and ticker on one port of this machine) over a
// generated, recorded or scripted day. The surprising thing: the market's clock is not the host's; it can
// stand still, run 200 times as fast or be years ago.
import { epochMs, type EpochMs } from '../domain/units';
import { openingOf } from './books/opening';
import { WorldKeeper, booksBefore, worldSoFar } from './books/world';
import { Exchange } from './engine/exchange';
import { journalLine } from './engine/journal';
import { RunningClock } from './engine/marketClock';
import { FaultBox } from './faults/faultBox';
import { openJournal, type JournalFile } from './journalFile';
import { marketOf, universeOf } from './market/priceSource';
import { oldJournalOf } from './resume/oldJournalOf';
import type { OldJournal } from './resume/oldJournal';
import { repeat } from './resume/repeat';
import { followsHost, sessionStart, type PaperExchangeOptions } from './options';
import { farRows } from './rest/farRows';
import { trueStatement } from './rest/misstatement';
import { usualProfile } from './rest/profile';
import { usualQuirks } from './rest/quirks';
import { RateLimiter, kiteLimits } from './rest/rateLimits';
import { Session, newCredentials } from './rest/session';
import { serve } from './server';

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
 * port in use, a certificate without its key.
 */
export async function startPaperExchange(options: PaperExchangeOptions): Promise<PaperExchange> {
  const { day, calendar, startAt: startsAt, seed } = sessionStart(options, hostNow());
  const old = oldJournalOf(options);
  const startAt = old?.startAt ?? startsAt;
  const { date } = day;
  const { booksFile: file, host = '127.0.0.1', port = 0, paperToken, script = [] } = options;
  const universe = universeOf(options.source);
  const before = file === undefined ? undefined : booksBefore(file, date, universe);
  const source = marketOf(options.source, { date, calendar }, before && worldSoFar(before));
  const opening = openingOf(options, before, source);
  const keeper = file === undefined ? undefined : new WorldKeeper(file, universe, before);
  const journalFile = openJournal(options.journalPath);
  const faults = new FaultBox(seed, options.faults);
  const exchange = new Exchange({
    day,
    seed,
    source,
    startAt,
    faults,
    ...opening,
    rateCards: options.rateCards,
    journal: (line) => {
      if (old?.meet(line) === true) return;
      journalFile.write(line);
      keeper?.noted();
    },
  });
  keeper?.attach(exchange);
  const clock = startedClock(exchange, { old, journalFile, startAt, options });
  const credentials = options.credentials ?? newCredentials();
  const server = await serve(
    {
      exchange,
      session: new Session(credentials),
      farRows: farRows(options.listingRows ?? 0, date),
      profile: { ...usualProfile, ...options.profile },
      redirectUrl: options.redirectUrl,
      clock,
      faults,
      limiter: new RateLimiter(options.limits ?? kiteLimits),
      quirks: { ...usualQuirks, ...options.quirks },
      misstatement: trueStatement(),
      allowedAddresses: options.allowedAddresses,
      hostNow,
    },
    {
      host,
      port,
      names: options.names,
      hasAdmin: options.hasAdmin ?? true,
      paperToken,
      script,
      tls: options.tls,
      dateSkewMs: (options.dateSkewSeconds ?? 0) * 1_000,
    },
  );
  return {
    ...addressesOf(options, host, server.port),
    apiKey: credentials.apiKey,
    accessToken: credentials.accessToken,
    exchange,
    startClock: server.startClock,
    close: async () => {
      await server.close();
      await source.distant?.close();
      if (source.distant === undefined) keeper?.playOut();
      journalFile.close();
    },
  };
}

const hostNow = (): EpochMs => epochMs(Date.now());

/** A clock that shows the host's time starts only now: putting the market together has taken a while. */
function clockFrom(startAt: EpochMs, options: PaperExchangeOptions): RunningClock {
  const { speed, held, clockAheadMs = 0 } = options;
  const now = epochMs(hostNow() + clockAheadMs);
  return new RunningClock(followsHost(options) ? now : startAt, { speed, held }, hostNow);
}

interface ClockParts {
  readonly old: OldJournal | undefined;
  readonly journalFile: JournalFile;
  readonly startAt: EpochMs;
  readonly options: PaperExchangeOptions;
}

/** The clock of a killed exchange goes on as if it had never stopped, once its session has been played again. */
function startedClock(
  exchange: Exchange,
  { old, journalFile, startAt, options }: ClockParts,
): RunningClock {
  if (old !== undefined) repeat(exchange, old);
  const clock =
    old?.clock === undefined
      ? clockFrom(startAt, options)
      : new RunningClock(old.clock.marketAt, old.clock, hostNow);
  tellClock(clock, journalFile, old?.clock !== undefined);
  // What the market has done meanwhile is done before anybody asks.
  if (old !== undefined) exchange.advanceTo(epochMs(Math.floor(clock.now())));
  return clock;
}

/** Writes down when the clock runs, and from where. @param isKnown is that on record already? */
function tellClock(clock: RunningClock, file: JournalFile, isKnown: boolean): void {
  clock.listener = () => {
    const { marketAt, hostAt, speed } = clock.relation();
    file.writeAsOf(journalLine(marketAt, 'clock', { held: clock.held, speed }), hostAt);
  };
  if (!clock.held && !isKnown) clock.listener();
}

function addressesOf(
  { tls }: PaperExchangeOptions,
  host: string,
  port: number,
): Pick<PaperExchange, 'rest' | 'ticker'> {
  const secure = tls === undefined ? '' : 's';
  return {
    rest: `http${secure}://${host}:${port}`,
    ticker: `ws${secure}://${host}:${port}/`,
  };
}
