// Stops entries from inside the worker, as `ratchet halt` does from outside: the row that every entry reads,
// the entries waiting at the broker, and the day.
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { cancelEntriesDirect } from '../activities/broker';
import { intentDirections, recordHalt, type HaltRecord } from '../activities/ledger/halts';
import { latestSession } from '../activities/ledger/latestSession';
import type { Broker } from '../broker/port';
import { dayWorkflowId, haltUpdate } from '../workflows/messages';
import { attempt, inTime } from './switchPaths';

export interface HaltParts {
  readonly account: string;
  readonly pool: Pool;
  readonly client: Client;
}

export interface HaltResult {
  readonly halted: boolean;
  /** Entries that were cancelled at the broker; those the broker did not let go are among `unanswered`. */
  readonly cancelled: number;
  /** Paths that did not answer, in words. */
  readonly unanswered: readonly string[];
}

/** Intents of the last day; older ones have no live orders. */
const dayMs = 86_400_000;

export async function haltEntries(
  parts: HaltParts & { readonly broker: Broker },
  { reason, who }: Pick<HaltRecord, 'reason' | 'who'>,
): Promise<HaltResult> {
  const { account, pool, broker } = parts;
  const unanswered: string[] = [];
  const halted = await attempt('the database', unanswered, () =>
    recordHalt(pool, account, { halted: true, reason, who }).then(() => true),
  );
  const results = await attempt('the broker', unanswered, async () =>
    cancelEntriesDirect(broker, await intentDirections(pool, account, Date.now() - dayMs)),
  );
  await attempt('the day workflow', unanswered, () => tellDay(parts, reason));
  const cancelled = (results ?? []).filter(({ outcome }) => outcome.kind === 'accepted').length;
  const kept = (results ?? []).length - cancelled;
  if (kept > 0) unanswered.push(`the broker: ${kept} waiting entries could not be cancelled`);
  return { halted: halted === true, cancelled, unanswered };
}

/** The running day is told, so that it decides no more entries and says that it is halted. */
export async function tellDay({ account, pool, client }: HaltParts, reason: string): Promise<void> {
  const date = await latestSession(pool, account);
  if (date === null) return;
  const day = client.workflow.getHandle(dayWorkflowId(account, date));
  await inTime(day.executeUpdate(haltUpdate, { args: [{ reason }] }));
}
