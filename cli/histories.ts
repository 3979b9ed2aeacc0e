// Every history of a namespace as JSON files: what replay tests are fed, and a record that outlives the
// server's retention.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';

export async function exportHistories(client: Client, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    writeFileSync(
      join(folder, `${workflowId}.${runId}.json`),
      JSON.stringify(historyToJSON(history)),
    );
  }
}
