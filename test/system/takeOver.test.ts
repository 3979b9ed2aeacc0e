// Goal: what a version before has left in Temporal, plain, is taken over when nothing is open, and refused with the
// positions' names when something is; what belongs to another account of a cluster is left alone. Method: a real
// server on which a client without keys has begun what that version would have.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { connectClient } from '../../infra/temporal/connect';
import type { DevServer } from '../../infra/temporal/devServer';
import { ensurePayloadKeys, payloadKeysIn } from '../../infra/temporal/payloadKeys';
import { takeOver } from '../../infra/temporal/takeOver';
import { attributes } from '../../workflows/show';
import { eventually } from '../support/ratchet';
import { startTestServer } from '../support/temporalServer';

const namespace = 'before';

describe('a server with plain histories', () => {
  const home = mkdtempSync(join(tmpdir(), 'ratchet-takeover-'));
  let server: DevServer;
  let before: Client;
  let ours: Client;
  const said: string[] = [];
  const taken = (account: string, ownServer: boolean): Promise<void> =>
    takeOver(ours, { account, ownServer, say: (line) => void said.push(line) });

  beforeAll(async () => {
    server = await startTestServer(home, namespace);
    before = new Client({
      connection: await Connection.connect({ address: server.address }),
      namespace,
    });
    ours = await connectClient({
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: namespace,
      RATCHET_PAYLOAD_KEYS: ensurePayloadKeys(payloadKeysIn(home)),
    });
    await before.schedule.create({
      scheduleId: 'trading-day-mine',
      spec: { calendars: [{ hour: 9, year: 2099 }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'scheduledDay',
        workflowId: 'scheduled-day-mine',
        taskQueue: 'orders-mine',
        args: [{ account: 'mine' }],
      },
      state: { paused: true, note: 'by hand' },
    });
    await begun(before, 'tradingDay', 'day-mine', 'mine');
    await begun(before, 'position', 'position-mine-A', 'mine');
    await begun(before, 'position', 'position-yours-B', 'yours');
    await begun(ours, 'position', 'position-mine-C', 'mine');
    await eventually(async () => (await running()).length === 4 || undefined);
  }, 120_000);
  afterAll(async () => {
    await before.connection.close();
    await ours.connection.close();
    await server.child.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const begun = (client: Client, type: string, workflowId: string, account: string) =>
    client.workflow.start(type, {
      workflowId,
      taskQueue: `orders-${account}`,
      args: [{ account }],
      typedSearchAttributes: [{ key: attributes.account, value: account }],
    });
  const running = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    const query = `ExecutionStatus = 'Running' and RatchetAccount is not null`;
    for await (const { workflowId } of ours.workflow.list({ query })) ids.push(workflowId);
    return ids.sort();
  };

  test('with a position open nothing is touched, and it is named', async () => {
    await expect(taken('mine', false)).rejects.toThrow(
      /^1 positions were begun by a version before .*: position-mine-A\. Start that version again/,
    );
    expect(said).toEqual([]);
    expect(await running()).toHaveLength(4);
  });

  test('flat, the day is ended and the schedule goes on encrypted; another account’s and our own stay', async () => {
    await before.workflow.getHandle('position-mine-A').terminate('closed');
    await eventually(async () => (await running()).length === 3 || undefined);
    await taken('mine', false);
    expect(said).toEqual([
      'day-mine was begun by a version before and has been ended',
      'the schedule trading-day-mine of a version before has been taken over',
    ]);
    await eventually(async () => (await running()).length === 2 || undefined);
    expect(await running()).toEqual(['position-mine-C', 'position-yours-B']);
    const { action, state } = await ours.schedule.getHandle('trading-day-mine').describe();
    expect(action).toMatchObject({ args: [{ account: 'mine' }] });
    expect(state).toMatchObject({ paused: true, note: 'by hand' });
    said.length = 0;
    await taken('mine', false);
    expect(said).toEqual([]);
  });

  test('on a server of our own everything is ours', async () => {
    await expect(taken('mine', true)).rejects.toThrow('position-yours-B');
  });
});
