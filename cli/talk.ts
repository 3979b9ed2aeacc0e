// How commands reach a running system: through Temporal's own configuration, filled in from the system
// running in this checkout where the environment says nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryNotRegisteredError, type Client, type WorkflowHandle } from '@temporalio/client';
import { Pool } from 'pg';
import { connectClient } from '../infra/temporal/connect';
import { dayWorkflowId } from '../workflows/messages';
import type { tradingDay } from '../workflows';
import { readRunning, requireRunning } from '../infra/supervisor/runFolder';

/** What the running system's processes were told, where the environment does not say `needed`. */
function fillWithout(needed: string): void {
  if (process.env[needed] !== undefined) return;
  for (const [name, value] of Object.entries(requireRunning().environment))
    process.env[name] ??= value;
}

export const fillEnvironment = (): void => fillWithout('TEMPORAL_ADDRESS');

/** Does something with a client and closes it. */
export async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  fillEnvironment();
  const client = await connectClient();
  try {
    return await work(client);
  } finally {
    await client.connection.close();
  }
}

/** Does something with the database and closes it. Records need no running system, only their database. */
export async function withDatabase<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
  fillWithout('DATABASE_URL');
  const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

const asksMax = 5;
const askAgainMs = 300;

/**
 * Asks a workflow. One between two tasks, its worker just back, does not answer and is asked again: every
 * failed query comes back as "not registered".
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

export interface DayChoice {
  readonly account?: string;
  readonly date?: string;
}

/** The day a command is about: as named, else the one running here. */
export function chosenDay({ account, date }: DayChoice): { account: string; date: string } {
  const running =
    account !== undefined && date !== undefined ? undefined : (readRunning() ?? requireRunning());
  return { account: account ?? running?.account ?? '', date: date ?? running?.date ?? '' };
}

export const dayHandle = (
  client: Client,
  day: { account: string; date: string },
): WorkflowHandle<typeof tradingDay> =>
  client.workflow.getHandle<typeof tradingDay>(dayWorkflowId(day.account, day.date));
