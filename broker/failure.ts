// Why a broker's answer is not there, named by what happens next.
import type { PartOfBooks } from '../domain/position';

export type FailureKind =
  /** The session is over: nothing more will be answered until a person logs in. */
  | 'session'
  /** Too many requests: the same question may be asked again in a moment. */
  | 'busy'
  /** No answer, or the broker is down: the same question may be asked again. */
  | 'unreachable'
  /** The broker said no: asking the same again changes nothing. */
  | 'refused'
  /** An answer came that cannot be read: what it was about is unknown. */
  | 'unreadable';

/** A reading that failed. `message` is one sentence, with the broker's own words where it had any. */
export class BrokerFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrokerFailure';
    this.kind = kind;
  }
}

/** Not all books could be read; those that could may tell of a fill. */
export class BooksUnread extends BrokerFailure {
  readonly part: PartOfBooks;

  constructor({ kind, message, cause }: BrokerFailure, part: PartOfBooks) {
    super(kind, message, { cause });
    this.part = part;
  }
}
