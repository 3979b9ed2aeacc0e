// Errors named by what happens next. A code is CATEGORY_CONDITION and its context is key=value, so an
// operator can search for either. The class alone says what to do.

import type { RefusalCode } from './refusals';

interface OutcomeOptions {
  readonly code: RefusalCode;
  readonly message: string;
  /** The numbers behind the message. Never a secret. */
  readonly context?: Readonly<Record<string, string | number>>;
}

abstract class OutcomeError extends Error {
  readonly code: RefusalCode;
  readonly context: Readonly<Record<string, string | number>>;

  constructor({ code, message, context = {} }: OutcomeOptions) {
    super(message);
    this.code = code;
    this.context = context;
    this.name = new.target.name;
  }
}

/** Our own risk rules said no, before anything left. The trade is skipped. */
export class Refused extends OutcomeError {}
/** It failed for a reason that passes; try again. */
export class Retryable extends OutcomeError {}
/** Trying again will not help; stop and tell a person. */
export class Fatal extends OutcomeError {}

/** What was thrown, in words: its message, where it is an error. */
export const wordsOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
