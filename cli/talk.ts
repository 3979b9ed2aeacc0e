// How commands reach a running system: by Temporal's own configuration. Where the environment sets nothing,
// the values of the system running in this checkout are used.
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryNotRegisteredError, type Client, type WorkflowHandle } from '@temporalio/client';
import { Pool } from 'pg';
import { recordedLoss } from '../activities/broker';
import type { SessionLoss } from '../domain/brokerSession';
import { databaseEnvironment, namedDatabases } from '../infra/postgres/databases';
import { connectClient } from '../infra/temporal/connect';
import { dayWorkflowId } from '../workflows/messages';
import type { tradingDay } from '../workflows';
import type { Mode } from '../domain/live/mode';
import { istDate } from '../domain/session/sessionClock';
import { epochMs } from '../domain/units';
import { readRunning, requireRunning, type RunningSystem } from '../infra/supervisor/runFolder';

/** Sets the environment of the running system's processes, unless the variable `needed` is set already. */
function fillWithout(needed: string): void {
  if (process.env[needed] !== undefined) return;
  // A database of the shell's is not read at the address of another.
  const named = namedDatabases(process.env);
  if (named !== undefined) Object.assign(process.env, databaseEnvironment(named));
  for (const [name, value] of Object.entries(requireRunning().environment))
    process.env[name] ??= value;
}

export const fillEnvironment = (): void => fillWithout('TEMPORAL_ADDRESS');

/** Calls `work` with a client, then closes the client. */
export async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  fillEnvironment();
  const client = await connectClient();
  try {
    return await work(client);
  } finally {
    await client.connection.close();
  }
}

/**
 * Calls `work` with the database as its reader, then closes it. Records need only their database, not a running
 * system.
 */
export const withRecords = <T>(work: (pool: Pool) => Promise<T>): Promise<T> =>
  withDatabase('reader', work);

/** As its writer. */
export const withWriter = <T>(work: (pool: Pool) => Promise<T>): Promise<T> =>
  withDatabase('writer', work);

async function withDatabase<T>(
  role: 'reader' | 'writer',
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  fillWithout('DATABASE_URL');
  const pool = new Pool({ connectionString: namedDatabases(process.env)?.[role], max: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

const asksMax = 5;
const askAgainMs = 300;

/**
 * Queries a workflow. Between two tasks, just after its worker came back, a workflow does not answer: the
 * query fails as "not registered" and is repeated.
 */
export async function ask<T>(question: () => Promise<T>): Promise<T> {
  for (let asked = 1; ; asked += 1) {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof QueryNotRegisteredError) || asked === asksMax) throw error;
      await sleep(askAgainMs);
    }
  }
}

/** The loss of the account's session, where our records know of one. */
export const sessionLoss = (account: string): Promise<SessionLoss | null> =>
  withRecords((pool) => recordedLoss(pool, account));

export interface DayChoice {
  readonly account?: string;
  readonly date?: string;
}

/** The day a command is about: the one named, else the one running here. */
export function chosenDay({ account, date }: DayChoice): { account: string; date: string } {
  const running =
    account !== undefined && date !== undefined ? undefined : (readRunning() ?? requireRunning());
  return { account: account ?? running?.account ?? '', date: date ?? sessionOf(running) };
}

/** A live or shadow system goes on from day to day: its session is today's. */
const sessionOf = (running: RunningSystem | undefined): string =>
  running === undefined || running.mode === 'paper'
    ? (running?.date ?? '')
    : istDate(epochMs(Date.now()));

/** The mode of the account where its system runs here; null elsewhere. Needs neither database nor workflow. */
export function modeHere(account: string): Mode | null {
  const running = readRunning();
  return running?.account === account ? running.mode : null;
}

export const dayHandle = (
  client: Client,
  day: { account: string; date: string },
): WorkflowHandle<typeof tradingDay> =>
  client.workflow.getHandle<typeof tradingDay>(dayWorkflowId(day.account, day.date));
