// What a day asks before it enters anything: is there a session, and does the list of `ratchet check` hold?
import { setTimeout as sleep } from 'node:timers/promises';
import { isProven, type BrokerSession } from '../../domain/brokerSession';
import { readinessOf, type ReadinessLine } from '../../domain/readiness';
import { dayOf, type SessionDate } from '../../domain/session/calendar';
import { sessionClock } from '../../domain/session/sessionClock';
import { marketTime, type MarketClock } from '../../domain/session/sessionPlan';
import { epochMs, type Paise } from '../../domain/units';
import { readinessFacts, readinessNeeds, type ReadinessPorts } from './gather';

export type SessionAnswer =
  | { readonly proven: true }
  | {
      readonly proven: false;
      /** In the broker's words, where it had any. */
      readonly why: string;
      /** The page on which a person logs in; null before the first login. */
      readonly login: string | null;
      /** The exchange's day is over, so there is nothing left to wait for. */
      readonly isOver: boolean;
    };

export interface ReadinessActivities {
  /** Answers as soon as the session does, at the latest after `patienceMs`. */
  awaitSession(date: SessionDate, patienceMs: number): Promise<SessionAnswer>;
  /** Every line of the list; it never fails. @param cash where it has just been read. */
  readiness(date: SessionDate, cash?: Paise): Promise<readonly ReadinessLine[]>;
}

/** The session as the account's watch knows it. */
export interface SessionProof {
  readonly session: BrokerSession;
  /** Asks the broker, unless it has answered lately. */
  prove(): Promise<boolean>;
}

export interface DayReadinessPorts extends ReadinessPorts {
  readonly watch: SessionProof;
  readonly marketClock: () => Promise<MarketClock>;
  /** Aborts when nobody waits for the answer any more. */
  readonly givenUp: () => AbortSignal;
}

export const createReadinessActivities = (ports: DayReadinessPorts): ReadinessActivities => ({
  awaitSession: (date, patienceMs) => awaitSession(ports, date, patienceMs),
  readiness: async (date, cash) =>
    readinessOf(
      await readinessFacts(ports, date, cash),
      readinessNeeds(ports.config, ports.calendar, date),
    ),
});

const lookEveryMs = 200;
/** The watch itself asks a broker that has ended the session; one that does not answer is asked from here. */
const askEveryMs = 5_000;

async function awaitSession(
  ports: DayReadinessPorts,
  date: SessionDate,
  patienceMs: number,
): Promise<SessionAnswer> {
  const { watch, givenUp } = ports;
  let askAt = 0;
  for (const until = Date.now() + patienceMs; ;) {
    const isLost = watch.session.kind === 'lost';
    if (!isLost && Date.now() >= askAt) {
      askAt = Date.now() + askEveryMs;
      await watch.prove();
    }
    if (isProven(watch.session, epochMs(Date.now()))) return { proven: true };
    if (Date.now() >= until) return waiting(ports, date);
    await sleep(lookEveryMs, undefined, { signal: givenUp() });
  }
}

async function waiting(
  { watch: { session }, login, marketClock, calendar }: DayReadinessPorts,
  date: SessionDate,
): Promise<SessionAnswer> {
  const marketAt = marketTime(await marketClock(), epochMs(Date.now()));
  return {
    proven: false,
    why: session.kind === 'lost' ? session.why : 'the broker does not answer',
    login: login(),
    isOver: marketAt >= sessionClock(dayOf(date, calendar), true).close,
  };
}
