// Bearer tokens and what each allows. Only their SHA-256 is kept, and every comparison takes the same time.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { refused } from '../protocol/errors';
import type { Refusals } from './refusals';
import type { Scope } from './scopes';

/** Each at least 32 characters. */
export interface ServingTokens {
  /** Scores and reads. Without it, that is open. */
  readonly score?: string;
  /** Scores, and tells how it turned out. Without it, no outcome is taken. */
  readonly outcomes?: string;
  /** Scores, and changes what is served. Without it, nothing can be changed. */
  readonly admin?: string;
}

type TokenName = keyof ServingTokens;

/**
 * Outcomes are for one caller alone: whoever may tell them decides A/B tests, and only what was scored with this
 * token has outcomes.
 */
const scopesOf: Readonly<Record<TokenName, readonly Scope[]>> = {
  score: ['score'],
  outcomes: ['score', 'outcomes'],
  admin: ['score', 'admin'],
};

/** Who sent a request. */
export interface Caller {
  /** Whether the outcome of what it scores counts. */
  readonly tellsOutcomes: boolean;
}

const stranger: Caller = { tellsOutcomes: false };

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

export class TokenGate {
  readonly #known: readonly { readonly name: TokenName; readonly hash: Buffer }[];
  readonly #refusals: Pick<Refusals, 'note'>;
  readonly #scoringIsOpen: boolean;

  constructor(tokens: ServingTokens, refusals: Pick<Refusals, 'note'>) {
    this.#known = (Object.keys(scopesOf) as TokenName[]).flatMap((name) => {
      const token = tokens[name];
      return token === undefined ? [] : [{ name, hash: digest(token) }];
    });
    this.#scoringIsOpen = tokens.score === undefined;
    this.#refusals = refusals;
  }

  /** @throws Refused TOKEN_MISSING (401), TOKEN_REFUSED (403) or RATE_LIMITED (429). */
  check(request: IncomingMessage, scope: Scope): Caller {
    if (scope === 'open') return stranger;
    const given = bearerOf(request);
    const name = given === undefined ? undefined : this.#nameOf(digest(given));
    if (name !== undefined && scopesOf[name].includes(scope)) {
      return { tellsOutcomes: scopesOf[name].includes('outcomes') };
    }
    if (scope === 'score' && this.#scoringIsOpen) return stranger;
    return this.#refuse(request, scope, given === undefined);
  }

  #nameOf(hash: Buffer): TokenName | undefined {
    let found: TokenName | undefined;
    for (const { name, hash: known } of this.#known) {
      if (timingSafeEqual(known, hash)) found = name;
    }
    return found;
  }

  #refuse(request: IncomingMessage, scope: Scope, isMissing: boolean): never {
    const allowing = this.#known.some(({ name }) => scopesOf[name].includes(scope));
    const code = isMissing && allowing ? 'TOKEN_MISSING' : 'TOKEN_REFUSED';
    if (!this.#refusals.note(request, code === 'TOKEN_MISSING' ? 401 : 403, code)) {
      throw refused(
        'RATE_LIMITED',
        'Too many requests from your address had no right token; wait.',
      );
    }
    if (!allowing) {
      throw refused(code, `${scope} routes are off: start the server with a token for them.`);
    }
    throw refused(
      code,
      isMissing
        ? `This route needs "Authorization: Bearer <${scope} token>".`
        : `The token does not allow ${scope} routes.`,
    );
  }
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  return authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : undefined;
}
