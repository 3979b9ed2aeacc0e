// A session put together and not yet served: market, engine, books, journal and clock. One that was killed is rebuilt
// from its journal before anybody can ask it anything.
import { epochMs, type EpochMs } from '../domain/units';
import { openingOf } from './books/opening';
import { WorldKeeper, booksBefore, worldSoFar } from './books/world';
import { Exchange } from './engine/exchange';
import { journalLine } from './engine/journal';
import { RunningClock } from './engine/marketClock';
import { later } from './engine/sessionTime';
import { FaultBox } from './faults/faultBox';
import { openJournal, type JournalFile } from './journalFile';
import { marketOf, universeOf } from './market/priceSource';
import { followsHost, sessionStart, type PaperExchangeOptions } from './options';
import { oldJournalOf } from './resume/oldJournalOf';
import type { OldJournal } from './resume/oldJournal';
import { repeat } from './resume/repeat';

export interface OpenedSession {
  readonly exchange: Exchange;
  readonly clock: RunningClock;
  readonly faults: FaultBox;
  /** Lets go of market and journal, with the session as it is. */
  release(): Promise<void>;
  /**
   * Plays a session that is made here to its end and writes its books. One whose prices come from elsewhere cannot be
   * played: they have not happened yet.
   */
  playOut(): void;
}

export const hostNow = (): EpochMs => epochMs(Date.now());

/**
 * @throws Refused in one sentence: a date without a session, a missing replay folder, a journal that does not fit.
 * @throws BrokerFailure where a market elsewhere does not tell the prices a killed session needs.
 */
export async function openSession(options: PaperExchangeOptions): Promise<OpenedSession> {
  const { day, calendar, startAt: startsAt, seed } = sessionStart(options, hostNow());
  const old = oldJournalOf(options);
  const startAt = old?.startAt ?? startsAt;
  const { date } = day;
  const { booksFile: file } = options;
  const universe = universeOf(options.source);
  const before = file === undefined ? undefined : booksBefore(file, date, universe);
  const source = marketOf(options.source, { date, calendar }, before && worldSoFar(before));
  const keeper = file === undefined ? undefined : new WorldKeeper(file, universe, before);
  const journalFile = openJournal(options.journalPath);
  const release = async (): Promise<void> => {
    await source.distant?.close();
    journalFile.close();
  };
  try {
    const opening = openingOf(asBegun(options, old), before, source);
    const faults = new FaultBox(seed, options.faults);
    const exchange = new Exchange({
      day,
      seed,
      source,
      startAt,
      faults,
      ...opening,
      rateCards: options.rateCards,
      recall: (what, at) => old?.tapesOf(what, at),
      journal: (line) => {
        if (old?.meet(line) === true) return;
        journalFile.write(line);
        keeper?.noted();
      },
    });
    keeper?.attach(exchange);
    const clock = await startedClock(exchange, { old, journalFile, startAt, options });
    const playOut = (): void => {
      if (source.distant === undefined) keeper?.playOut(exchange);
    };
    return { exchange, clock, faults, release, playOut };
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Closes a session that is over and was killed before its books were written: what was due is done on the prices there
 * are now. @throws as `openSession`.
 */
export async function closeKilledSession(options: PaperExchangeOptions): Promise<void> {
  const session = await openSession({ ...options, resume: true });
  session.exchange.advanceTo(later(session.exchange.now, 1_000));
  await session.release();
}

/** What the account had at a broker when the session began it may not have now. */
function asBegun(
  options: PaperExchangeOptions,
  old: OldJournal | undefined,
): Pick<PaperExchangeOptions, 'openingCash' | 'holdings'> {
  if (options.source.kind !== 'feed' || old?.openingCash === undefined) return options;
  return { ...options, openingCash: old.openingCash };
}

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

/** The clock of a killed exchange goes on as if it had never stopped, once its session has been rebuilt. */
async function startedClock(
  exchange: Exchange,
  { old, journalFile, startAt, options }: ClockParts,
): Promise<RunningClock> {
  const { distant } = exchange.source;
  const isRebuilt = old?.startAt !== undefined;
  if (isRebuilt) repeat(exchange, old);
  // The first prices after the kill are here before anything goes on.
  if (isRebuilt) await distant?.refresh(exchange.wantedTokens());
  const clock =
    old?.clock === undefined || distant !== undefined
      ? clockFrom(startAt, options)
      : new RunningClock(old.clock.marketAt, old.clock, hostNow);
  const now = epochMs(Math.floor(clock.now()));
  if (isRebuilt && distant !== undefined) exchange.resumeAt(now);
  tellClock(clock, journalFile, distant === undefined && old?.clock !== undefined);
  // What the market has done meanwhile is done before anybody asks.
  if (isRebuilt) exchange.advanceTo(now);
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
