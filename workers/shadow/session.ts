// What a session of the shadow's exchange is started with, and how one that was killed goes on: from its journal.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openFeed } from '../../broker';
import type { BrokerReader } from '../../broker/port';
import { Refused } from '../../domain/errors';
import type { SessionDate, TradingCalendar } from '../../domain/session/calendar';
import { epochMs, type EpochMs, type Paise } from '../../domain/units';
import type { PaperExchangeOptions } from '../../exchange/options';
import type { Credentials } from '../../exchange/rest/session';
import type { AccountPlace } from '../brokerPlace';

export interface ShadowParts {
  /** The account's folder of the shadow: books and journals. */
  readonly folder: string;
  readonly calendar: TradingCalendar;
  /** Keys of our own exchange, made up. */
  readonly keys: Credentials;
  /** Guards the calls under /paper/; undefined leaves them open. */
  readonly paperToken?: string | undefined;
  readonly user: string;
  /** Cash the shadow begins with; undefined: as much as the account has. */
  readonly cash: Paise | undefined;
  readonly place: AccountPlace;
  readonly reader: BrokerReader;
  /** How far the market's clock is ahead of this machine's. */
  readonly clockAheadMs: number;
  /** Tells people that a killed session cannot be gone on with. */
  readonly notResumed: (error: NotResumed) => void;
}

export const booksFileOf = ({ folder }: ShadowParts): string => join(folder, 'books.json');

export const marketNow = ({ clockAheadMs }: ShadowParts): EpochMs =>
  epochMs(Date.now() + clockAheadMs);

const journalName = /^journal-(\d{4}-\d{2}-\d{2})\.jsonl$/;

const journalOf = ({ folder }: ShadowParts, date: SessionDate): string =>
  join(folder, `journal-${date}.jsonl`);

/** Sessions of which there is a journal. */
export const begunSessions = ({ folder }: ShadowParts): readonly SessionDate[] =>
  readdirSync(folder).flatMap((name) => journalName.exec(name)?.[1] ?? []);

/** A killed session that its journal does not give back. Only a person may go on without it: its trades would be gone. */
export class NotResumed extends Error {
  readonly date: SessionDate;
  readonly journal: string;

  constructor(date: SessionDate, journal: string, why: string) {
    super(
      `the killed session of ${date} cannot be rebuilt: ${why}; move ${journal} away to go on without it`,
    );
    this.date = date;
    this.journal = journal;
  }
}

/** @throws BrokerFailure; NotResumed for a killed session that its journal does not give back. */
export async function withSession<T>(
  parts: ShadowParts,
  date: SessionDate,
  start: (options: PaperExchangeOptions) => Promise<T>,
): Promise<T> {
  const journalPath = journalOf(parts, date);
  const resume = existsSync(journalPath);
  const options = { ...(await optionsOf(parts, date)), journalPath, resume };
  return start(options).catch((error: unknown) => {
    if (!(error instanceof Refused) || error.code !== 'EXCHANGE_RESUME') throw error;
    throw new NotResumed(date, journalPath, error.message);
  });
}

/** Asks the broker for the day's list, and for the cash where none is given. @throws BrokerFailure */
async function optionsOf(parts: ShadowParts, date: SessionDate): Promise<PaperExchangeOptions> {
  const { calendar, keys, paperToken, user, place, reader, clockAheadMs, cash } = parts;
  const [stocks, underlyings] = [await reader.listing(), await reader.underlyings()];
  return {
    date,
    calendar,
    source: {
      kind: 'feed',
      parts: {
        stocks,
        underlyings,
        reader,
        marketNow: () => marketNow(parts),
        openFeed: (listener) =>
          openFeed(place.credentials, place.address, listener, { detail: true }),
      },
    },
    clockAheadMs,
    speed: 1,
    held: false,
    openingCash: cash ?? (await reader.funds()).cash,
    credentials: keys,
    ...(paperToken !== undefined && { paperToken }),
    profile: { userId: user },
    booksFile: booksFileOf(parts),
  };
}
