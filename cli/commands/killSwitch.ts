// `ratchet halt` and `close-all`: the kill switch, on paths of its own that need no workflow's
// answer. A row in the database stops entries before they leave. Each position is signalled by itself. With
// --direct the broker is told directly, which works with every worker down and holds those that run.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { Command } from 'commander';
import {
  cancelEntriesDirect,
  closeAllDirect,
  intentRecords,
  type DirectResult,
} from '../../activities/broker';
import { liftHold, placeHold } from '../../activities/ledger/directHold';
import { intentDirections, recordHalt } from '../../activities/ledger/halts';
import { BrokerFailure } from '../../broker/failure';
import { Fatal } from '../../domain/errors';
import { headline, type Mode } from '../../domain/live/mode';
import { attempt, inTime } from '../../workers/switchPaths';
import { haltUpdate, leaveSignal } from '../../workflows/messages';
import { withDayOptions } from '../dayOptions';
import { operator } from '../operator';
import { runningBroker } from '../runningBroker';
import { print } from '../text/output';
import {
  chosenDay,
  dayHandle,
  fillEnvironment,
  modeHere,
  withRecords,
  withTemporal,
  withWriter,
} from '../talk';

interface SwitchFlags {
  readonly account?: string;
  readonly date?: string;
  readonly json?: true;
  readonly reason: string;
  readonly direct?: true;
}

/** What was done, and what could not be done. A partial result is always reported. */
interface SwitchResult {
  /** null where the system does not run here. */
  readonly mode: Mode | null;
  readonly account: string;
  readonly halted: boolean;
  /** Position workflows that were signalled to leave. */
  readonly signalled: readonly string[];
  readonly direct: readonly DirectResult[];
  /** Paths that did not answer, in words. */
  readonly unanswered: readonly string[];
  /** The broker no longer knows us: nothing can be sent from here. */
  readonly sessionOver: boolean;
}

/** Intents of the last day; older ones have no live orders. */
const dayMs = 86_400_000;

async function tellDay(flags: SwitchFlags, unanswered: string[]): Promise<void> {
  const args = [{ reason: flags.reason, by: operator() }] as const;
  await attempt('the day workflow', unanswered, () =>
    withTemporal((client) =>
      inTime(dayHandle(client, chosenDay(flags)).executeUpdate(haltUpdate, { args: [...args] })),
    ),
  );
}

async function signalPositions(client: Client, account: string): Promise<readonly string[]> {
  const query = `WorkflowType = 'position' AND ExecutionStatus = 'Running' AND RatchetAccount = '${account}'`;
  const told: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) {
    await client.workflow.getHandle(workflowId).signal(leaveSignal, { reason: 'killSwitch' });
    told.push(workflowId);
  }
  return told;
}

async function halt(flags: SwitchFlags, closing: boolean): Promise<SwitchResult> {
  const { account } = chosenDay(flags);
  const unanswered: string[] = [];
  const recorded = await attempt('the database', unanswered, () =>
    withWriter((pool) =>
      recordHalt(pool, account, { halted: true, reason: flags.reason, who: operator() }),
    ).then(() => true),
  );
  const signalled = closing
    ? await attempt('Temporal', unanswered, () =>
        withTemporal((client) => signalPositions(client, account)),
      )
    : [];
  // Asked beside: whoever is at the switch does not wait for a broker that does not answer.
  const [sessionOver, direct] = await Promise.all([
    isSessionOver(),
    attempt('the broker', unanswered, () =>
      closing ? closeDirect(flags, unanswered) : cancelEntries(account),
    ),
  ]);
  await tellDay(flags, unanswered);
  return {
    mode: modeHere(account),
    account,
    halted: recorded === true,
    signalled: signalled ?? [],
    direct: direct ?? [],
    unanswered,
    sessionOver,
  };
}

/** Only a broker that says so: one that does not answer may still take orders. */
const isSessionOver = (): Promise<boolean> =>
  Promise.resolve()
    .then(() => runningBroker().profile())
    .then(
      () => false,
      (error: unknown) => error instanceof BrokerFailure && error.kind === 'session',
    );

/** Longer than a worker takes to notice the hold, and than most writes on their way. */
const holdNoticedMs = 1_500;
const renewHoldEveryMs = 5_000;

/** Acts on the broker while no worker of the account does. Without the database a worker may; then it is said. */
async function withWorkersHeld<T>(
  account: string,
  unanswered: string[],
  work: () => Promise<T>,
): Promise<T> {
  const place = (): Promise<true> =>
    withWriter((pool) => placeHold(pool, account)).then(() => true);
  const held = await attempt(
    'the hold on running workers, which may act on the same positions',
    unanswered,
    place,
  );
  if (held === undefined) return work();
  const renewing = setInterval(() => void place().catch(() => undefined), renewHoldEveryMs);
  try {
    await sleep(holdNoticedMs);
    return await work();
  } finally {
    clearInterval(renewing);
    await withWriter((pool) => liftHold(pool, account)).catch(() => undefined);
  }
}

async function closeDirect(
  flags: SwitchFlags,
  unanswered: string[],
): Promise<readonly DirectResult[]> {
  if (flags.direct !== true) return [];
  const { account, date } = chosenDay(flags);
  const records = await attempt(
    'our records of delivery positions, which keep their triggers',
    unanswered,
    () => withRecords((pool) => intentRecords(pool, account, date)),
  );
  return withWorkersHeld(account, unanswered, () =>
    closeAllDirect(runningBroker(), records === undefined ? null : { date, records }),
  );
}

async function cancelEntries(account: string): Promise<readonly DirectResult[]> {
  const directions = await withRecords((pool) =>
    intentDirections(pool, account, Date.now() - dayMs),
  );
  return cancelEntriesDirect(runningBroker(), directions);
}

const appSentence =
  'the broker session is over: nothing can leave from here; close your positions in the Kite app now';

const lines = ({ halted, signalled, direct, unanswered, ...of }: SwitchResult): string[] => [
  headline(of.mode, of.account),
  ...(of.sessionOver ? [appSentence] : []),
  halted ? 'entries are halted' : 'entries could NOT be halted in the database',
  ...signalled.map((workflowId) => `told to leave: ${workflowId}`),
  ...direct.map(
    ({ step, outcome }) =>
      `at the broker: ${step.kind} ${step.kind === 'place' ? step.order.tag : step.orderId}: ${outcome.kind}`,
  ),
  ...unanswered.map((what) => `no answer from ${what}`),
];

/** Prints what was done. @throws Fatal when neither the record nor the broker could be reached. */
function conclude(flags: SwitchFlags, result: SwitchResult): void {
  print(flags.json === true, result, () => lines(result));
  if (flags.direct === true && result.sessionOver)
    throw new Fatal({ code: 'KILL_SWITCH', message: appSentence });
  if (result.halted || result.direct.length > 0) return;
  throw new Fatal({
    code: 'KILL_SWITCH',
    message: `nothing could be halted: ${result.unanswered.join('; ')}`,
  });
}

const withOptions = (command: Command): Command =>
  withDayOptions(command)
    .option('--reason <words>', 'why, for the record', 'kill switch')
    .hook('preAction', fillEnvironment);

export const haltCommand = withOptions(
  new Command('halt').description(
    'stop entries at the gateway and cancel those waiting, even with every workflow stuck',
  ),
).action(async (flags: SwitchFlags) => conclude(flags, await halt(flags, false)));

export const closeAllCommand = withOptions(
  new Command('close-all')
    .description('halt entries and tell every position to leave, one by one')
    .option('--direct', 'act on the broker itself too: needs no worker, only its credentials'),
).action(async (flags: SwitchFlags) => conclude(flags, await halt(flags, true)));
