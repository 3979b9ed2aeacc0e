// The account's sessions, and which instant belongs to which. A carried position lives in several, and on
// paper the next session may begin minutes after the last.
import type { Pool } from 'pg';
import { istInstant } from '../../domain/session/sessionClock';
import { hostTime, marketTime, type SessionPlan } from '../../domain/session/sessionPlan';
import { epochMs, type EpochMs } from '../../domain/units';

export interface KnownSession {
  readonly date: string;
  readonly plan: SessionPlan;
}

/** Every session of the account that has been opened, oldest first. */
export async function sessionsOf(pool: Pool, account: string): Promise<readonly KnownSession[]> {
  const { rows } = await pool.query<KnownSession>(
    `select to_char(date, 'YYYY-MM-DD') as date, plan from session where account = $1 order by date`,
    [account],
  );
  return rows;
}

const hostOf = ({ date, plan }: KnownSession, time: string): EpochMs =>
  hostTime(plan.clock, istInstant(date, time));

/** The host instant between one session and the next. */
const border = (earlier: KnownSession, later: KnownSession): EpochMs =>
  epochMs(Math.min(hostOf(earlier, '23:59'), later.plan.clock.hostAt));

/** The host instants of a session, without those of other sessions. */
export function hostSpan(
  sessions: readonly KnownSession[],
  session: KnownSession,
): { readonly from: EpochMs; readonly until: EpochMs } {
  const before = sessions.findLast(({ date }) => date < session.date);
  const after = sessions.find(({ date }) => date > session.date);
  const [from, until] = [hostOf(session, '00:00'), hostOf(session, '23:59')];
  return {
    from: before === undefined ? from : epochMs(Math.max(from, border(before, session))),
    until: after === undefined ? until : epochMs(Math.min(until, border(session, after))),
  };
}

/** The market's instant at a host instant, by the clock of the session of that time. */
export function marketTimeIn(sessions: readonly KnownSession[], host: EpochMs): EpochMs {
  const session = sessions.findLast(({ plan }) => plan.clock.hostAt <= host) ?? sessions[0];
  return session === undefined ? host : marketTime(session.plan.clock, host);
}
