// What is known of an account before it trades. What could not be read says why, and is never taken for good.
import type { SessionDate, TradingCalendar } from '../session/calendar';
import type { Paise, Product } from '../units';
import type { ClockBounds } from './clock';
import type { ProbeResult } from './probeOrder';

/** Something that was read, or why it could not be, in one sentence. */
export type Known<Value> =
  { readonly known: true; readonly value: Value } | { readonly known: false; readonly why: string };

export const known = <Value>(value: Value): Known<Value> => ({ known: true, value });
export const unknown = (why: string): Known<never> => ({ known: false, why });

/** What the configuration asks of the account. */
export interface ReadinessNeeds {
  readonly mode: 'paper' | 'live';
  /** The session it is asked for. */
  readonly date: SessionDate;
  readonly calendar: TradingCalendar;
  /** Whose account it must be; null where nobody is named. */
  readonly user: string | null;
  /** Everything that may be ordered. */
  readonly products: readonly Product[];
  /** The strategies that are named in the configuration; null where nobody has named any. */
  readonly strategies: readonly string[] | null;
  /** The address that is registered at the broker; null where none is named. */
  readonly staticAddress: string | null;
  /** Fewer stocks than this are no whole list of the broker. */
  readonly stocksMin: number;
  /** When the shipped list of industries was true. */
  readonly industriesAsOf: SessionDate;
}

/** Who the session belongs to and what the account may do. */
export interface ProfileFact {
  readonly userId: string;
  readonly exchanges: readonly string[];
  readonly products: readonly string[];
  /** May delivery shares be sold without another consent? */
  readonly dematConsent: boolean;
}

/** The address that orders leave from, as far as it can be known here. */
export interface AddressFact {
  readonly address: string;
  /** Told by `addressEcho`, which sees it from outside; or our own end of the line, inside any router. */
  readonly seenBy: 'echo' | 'socket';
  /** Is it one of the public network? Another is behind a router, which gives orders its own. */
  readonly isPublic: boolean;
  readonly isStatic: boolean;
}

/** The broker's lists of stocks and derivatives. */
export interface ListsFact {
  readonly stocks: number;
  readonly withFutures: number;
  /** Stocks of the configured universe that are not listed. */
  readonly missing: readonly string[];
}

export interface FolderFact {
  readonly path: string;
  /** It lies in memory, so a reboot empties it. */
  readonly isInMemory: boolean;
  readonly freeBytes: number;
}

export interface ReceiverFact {
  readonly channel: string;
  /** Why it did not take the last message; null where it did, or was sent none. */
  readonly failure: string | null;
}

/** A second Ratchet on the account. */
export interface OtherInstallation {
  /** What speaks for it. */
  readonly words: string;
  /** It holds the account's lease, or its orders are live; otherwise it only has traded today. */
  readonly isActive: boolean;
}

/** Everything the checks look at. */
export interface ReadinessFacts {
  readonly profile: Known<ProfileFact>;
  /** The page on which a person logs in; null before the first login, which shows it. */
  readonly login: string | null;
  readonly cash: Known<Paise>;
  readonly clock: Known<ClockBounds>;
  readonly address: Known<AddressFact>;
  readonly lists: Known<ListsFact>;
  /** The date of the surveillance list; null where none is configured. */
  readonly surveillance: Known<SessionDate | null>;
  readonly receivers: Known<readonly ReceiverFact[]>;
  /** Where the account's state lies. */
  readonly folder: Known<FolderFact>;
  /** Does the database keep what it was told over a power cut? null while the system is not up. */
  readonly database: Known<{ readonly isDurable: boolean }> | null;
  /** null where nothing speaks for a second installation. */
  readonly otherInstallation: Known<OtherInstallation | null>;
  /** Absent where no order was sent. */
  readonly probe?: ProbeResult;
}
