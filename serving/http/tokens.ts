// Bearer tokens with one scope each. Only their SHA-256 is kept, and every comparison takes the same time.
// The admin token may also score; the score token may do nothing else.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { refused } from '../protocol/errors';

/** What a route requires of its caller. An `open` route reports only whether the server is alive. */
export type Scope = 'open' | 'score' | 'admin';

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

export class TokenGate {
  readonly #score: Buffer | undefined;
  readonly #admin: Buffer | undefined;

  constructor(tokens: { readonly score?: string; readonly admin?: string } = {}) {
    this.#score = tokens.score === undefined ? undefined : digest(tokens.score);
    this.#admin = tokens.admin === undefined ? undefined : digest(tokens.admin);
  }

  /** @throws Refused TOKEN_MISSING (401) or TOKEN_REFUSED (403). */
  check(request: IncomingMessage, scope: Scope): void {
    if (scope === 'open' || (scope === 'score' && this.#score === undefined)) return;
    if (this.#admin === undefined && scope === 'admin') {
      throw refused('TOKEN_REFUSED', 'Admin routes are off: start the server with an admin token.');
    }
    const given = bearerOf(request);
    if (given === undefined) {
      throw refused('TOKEN_MISSING', `This route needs "Authorization: Bearer <${scope} token>".`);
    }
    const hash = digest(given);
    const allowed = scope === 'admin' ? [this.#admin] : [this.#score, this.#admin];
    if (!allowed.some((known) => known !== undefined && timingSafeEqual(known, hash))) {
      throw refused('TOKEN_REFUSED', `The token does not allow ${scope} routes.`);
    }
  }
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  return authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : undefined;
}
