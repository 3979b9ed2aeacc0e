// The account's session at the broker. A broker ends it every night, and whenever the user logs in elsewhere.
// While it is lost every question would be refused, so only one probe goes out; what is unknown is said.
import type { EpochMs } from '../units';

export { dueReminder } from './reminder';

export type BrokerSession =
  /** Nothing has been asked yet. `wasLost`: people have been told that the session before it was lost. */
  | { readonly kind: 'unproven'; readonly wasLost: boolean }
  | { readonly kind: 'valid'; readonly provenAt: EpochMs }
  /** @see renewed: only a new token, or a probe that is answered, ends this. */
  | ({ readonly kind: 'lost' } & SessionLoss);

/** A session that is lost. */
export interface SessionLoss {
  /** Host clock. */
  readonly since: EpochMs;
  /** In the broker's words. */
  readonly why: string;
}

export type BrokerSessionEvent =
  /** The broker answered a question of this session. */
  | { readonly kind: 'answered'; readonly at: EpochMs }
  /** The broker said that the session is over. */
  | { readonly kind: 'refused'; readonly at: EpochMs; readonly why: string }
  /** A person has logged in: there is another token. */
  | { readonly kind: 'renewed' };

export const unproven: BrokerSession = { kind: 'unproven', wasLost: false };

/** The session after the event. A late refusal of the old token is the caller's to leave out. */
export function sessionAfter(session: BrokerSession, event: BrokerSessionEvent): BrokerSession {
  switch (event.kind) {
    case 'answered':
      return { kind: 'valid', provenAt: event.at };
    case 'refused':
      return session.kind === 'lost' ? session : { kind: 'lost', since: event.at, why: event.why };
    case 'renewed':
      return { kind: 'unproven', wasLost: isToldLost(session) };
  }
}

/** An entry goes out only on a session that answered within this time. */
export const proofMaxMs = 60_000;

/** Has the session been proven lately enough for an entry? */
export const isProven = (session: BrokerSession, now: EpochMs): boolean =>
  session.kind === 'valid' && now - session.provenAt <= proofMaxMs;

/** What a change of the session is to people: lost, back, or nothing worth a word. */
export function newsOf(before: BrokerSession, after: BrokerSession): 'lost' | 'back' | null {
  if (after.kind === 'lost') return before.kind === 'lost' ? null : 'lost';
  return after.kind === 'valid' && isToldLost(before) ? 'back' : null;
}

const isToldLost = (session: BrokerSession): boolean =>
  session.kind === 'lost' || (session.kind === 'unproven' && session.wasLost);
