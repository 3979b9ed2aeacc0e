// Exports every history of a namespace in Temporal's own binary form, for replay tests, and as a record that
// outlives the server's retention.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

/** Writes `WORKFLOW_ID.RUN_ID.history` files into the folder. */
export async function exportHistories(client: Client, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const bytes = temporal.api.history.v1.History.encode(history).finish();
    writeFileSync(join(folder, `${workflowId}.${runId}.history`), bytes);
  }
}
