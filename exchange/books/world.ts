// A paper world between its sessions: what today's exchange opens with, and what it leaves for the next.
import { wordsOf } from '../../domain/errors';
import type { SessionDate, TradingDay } from '../../domain/session/calendar';
import { sessionClock } from '../../domain/session/sessionClock';
import { epochMs, paise, type EpochMs } from '../../domain/units';
import type { Exchange } from '../engine/exchange';
import { overnightOf } from '../engine/overnight';
import type { WorldSoFar } from '../market/generated';
import type { MarketSource } from '../market/source';
import { textSeed } from '../market/chance';
import { readBooks, refused, requireWritable, writeBooks, type WorldBooks } from './booksFile';

/** Sessions whose closes are kept, from which a generated day's history is made. */
const closesKept = 6;

/** The books in `file` for a session of `date`, undefined where the world begins. @throws Refused BOOKS_FILE */
export function booksBefore(
  file: string,
  date: SessionDate,
  universe: string,
): WorldBooks | undefined {
  requireWritable(file);
  const books = readBooks(file);
  if (books === undefined) return undefined;
  if (books.universe !== universe) {
    throw refused(`"${file}" is of a world of ${books.universe}, not of ${universe}`);
  }
  if (date <= books.date) {
    throw refused(
      `"${file}" has the end of ${books.date}: only a later session opens with it, not ${date}`,
    );
  }
  return books;
}

/** What a generated day continues from. */
export const worldSoFar = ({ since, closes }: WorldBooks): WorldSoFar => ({
  since,
  closes: new Map(
    Object.entries(closes).map(([date, prices]) => [date, new Map(Object.entries(prices))]),
  ),
});

/**
 * The seed of a session's random draws. Prices have a seed of their own, from the world's seed and the date.
 */
export const sessionSeed = (seed: number, date: SessionDate): number => textSeed(date, seed) >>> 0;

/** The end of a session: nothing trades after it. */
const sessionEnd = (day: TradingDay): EpochMs =>
  epochMs(Math.max(sessionClock(day, true).close, sessionClock(day, false).close) + 1_000);

/** Closes of the sessions before today, as the market was made from them. */
const earlierCloses = ({ closes = new Map() }: MarketSource): WorldBooks['closes'] =>
  Object.fromEntries(
    [...closes]
      .sort(([one], [other]) => (one < other ? 1 : -1))
      .slice(0, closesKept - 1)
      .map(([date, prices]) => [date, Object.fromEntries(prices)]),
  );

/** Writes a world's books from its session's end on. */
export class WorldKeeper {
  private readonly file: string;
  private readonly universe: string;
  private readonly before: WorldBooks | undefined;
  /** Once its session has ended. */
  private ended: Exchange | undefined;

  constructor(file: string, universe: string, before: WorldBooks | undefined) {
    this.file = file;
    this.universe = universe;
    this.before = before;
  }

  attach(exchange: Exchange): void {
    exchange.at(sessionEnd(exchange.day), () => {
      this.ended = exchange;
      this.save(exchange);
    });
  }

  /** Something was journalled. After the session's end it is written to the file before it is answered. */
  noted(): void {
    if (this.ended !== undefined) this.save(this.ended);
  }

  /** Plays the rest of the session without its client, and writes the books. */
  playOut(exchange: Exchange): void {
    exchange.advanceTo(sessionEnd(exchange.day));
    this.save(exchange);
  }

  /** @throws Refused BOOKS_FILE when the file cannot be written. */
  private save({ account, date, gtts, source, tapes }: Exchange): void {
    const closes = new Map([...tapes].map(([token, { lastPrice }]) => [token, lastPrice]));
    const byName = [...tapes.values()].map(
      ({ listing, lastPrice }) => [listing.tradingsymbol, lastPrice] as const,
    );
    const { cash, holdings } = overnightOf(account, (token) => closes.get(token) ?? paise(0));
    const books: WorldBooks = {
      format: 1,
      universe: this.universe,
      since: this.before?.since ?? date,
      date,
      cash,
      holdings,
      gtts: gtts.state(),
      closes: { ...earlierCloses(source), [date]: Object.fromEntries(byName) },
    };
    try {
      writeBooks(this.file, books);
    } catch (error) {
      const why = wordsOf(error);
      throw refused(`"${this.file}" cannot be written: ${why}`);
    }
  }
}
