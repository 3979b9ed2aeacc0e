// Takes over what a version before, or another key, has left in Temporal, before a worker starts. A workflow whose
// start cannot be read with our keys would be refused by every worker. Positions are not ended for that: somebody
// must close them first with the version that began them. The rest holds nothing open and is ended.
import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { Refused } from '../../domain/errors';
import { scheduleIdOf } from '../../domain/session/scheduleId';
import { PayloadRefused } from './payloadCodec';

type Schedule = temporal.api.schedule.v1.ISchedule;

/** What may be taken over: everything on a server of our own; on a cluster what bears the account's name. */
export interface TakeOver {
  readonly account: string;
  readonly ownServer: boolean;
  readonly say: (line: string) => void;
}

/** @throws Refused NOT_FLAT when a position's workflow is among them; then nothing is ended. */
export async function takeOver(
  client: Client,
  { account, ownServer, say }: TakeOver,
): Promise<void> {
  const [codec] = client.options.loadedDataConverter.payloadCodecs;
  if (codec === undefined) throw new Error('Invariant: a client of ours has a codec');
  const mine = ownServer ? '' : ` and RatchetAccount = '${account}'`;
  const foreign = await unreadable(client, codec, `ExecutionStatus = 'Running'${mine}`);
  const positions = foreign.filter(({ type }) => type === 'position');
  if (positions.length > 0) throw notFlat(positions.map(({ workflowId }) => workflowId));
  for (const { workflowId, runId } of foreign) {
    await client.workflow.getHandle(workflowId, runId).terminate('begun by a version before');
    say(`${workflowId} was begun by a version before and has been ended`);
  }
  for await (const { scheduleId } of client.schedule.list())
    if (
      (ownServer || scheduleId === scheduleIdOf(account)) &&
      (await scheduleTaken(client, codec, scheduleId))
    )
      say(`the schedule ${scheduleId} of a version before has been taken over`);
}

const notFlat = (workflowIds: readonly string[]): Refused =>
  new Refused({
    code: 'NOT_FLAT',
    message: `${workflowIds.length} positions were begun by a version before or with a key that is gone, and cannot be read here: ${workflowIds.join(', ')}. Start that version again, close them with \`ratchet close-all\`, then start this one`,
  });

interface Running {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
}

/** The running workflows whose start is not encrypted with a key of ours. */
async function unreadable(
  client: Client,
  codec: PayloadCodec,
  query: string,
): Promise<readonly Running[]> {
  const found: Running[] = [];
  for await (const { workflowId, runId, type } of client.workflow.list({ query })) {
    const input = await startOf(client, workflowId, runId);
    if (input.length > 0 && !(await isReadable(codec, input)))
      found.push({ workflowId, runId, type });
  }
  return found;
}

async function startOf(
  { connection, options: { namespace } }: Client,
  workflowId: string,
  runId: string,
): Promise<readonly Payload[]> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  return started?.input?.payloads ?? [];
}

/** Without the place: a payload says itself whose it is, and proves it. */
const isReadable = (codec: PayloadCodec, payloads: readonly Payload[]): Promise<boolean> =>
  Promise.resolve()
    .then(() => codec.decode([...payloads]))
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof PayloadRefused) return false;
        throw error;
      },
    );

/** Encrypts what a schedule starts, where it is plain. @returns whether it was. */
async function scheduleTaken(
  { connection, options: { namespace } }: Client,
  codec: PayloadCodec,
  scheduleId: string,
): Promise<boolean> {
  const { workflowService } = connection;
  const { schedule, conflictToken } = await workflowService.describeSchedule({
    namespace,
    scheduleId,
  });
  const start = schedule?.action?.startWorkflow;
  const payloads = start?.input?.payloads ?? [];
  if (schedule === null || schedule === undefined || start === null || start === undefined)
    return false;
  if (payloads.length === 0 || (await isReadable(codec, payloads))) return false;
  const workflowId = start.workflowId ?? '';
  const encrypted = await codec.encode([...payloads], { type: 'workflow', namespace, workflowId });
  const taken: Schedule = {
    ...schedule,
    action: { startWorkflow: { ...start, input: { payloads: encrypted } } },
  };
  await workflowService.updateSchedule({ namespace, scheduleId, schedule: taken, conflictToken });
  return true;
}
