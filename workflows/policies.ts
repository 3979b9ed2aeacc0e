// Timeouts and retries by kind of call. Each `proxyActivities` names one. `heartbeatTimeout` is how soon a
// crashed worker is noticed: on an order's path a position waits that long.
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/** The worker sends heartbeats for every activity that has this timeout (workers/heartbeat.ts). */
const heartbeatTimeout = '2s';
/** How soon a crashed worker is noticed in a workflow task. */
export const workflowTaskTimeout = '4s';

/** A write whose outcome may be unknown. It has one attempt; the state machine decides what follows. */
export const brokerWrite: ActivityOptions = {
  startToCloseTimeout: '20s',
  heartbeatTimeout,
  retry: { maximumAttempts: 1 },
};
/** A read has no effect, so it is repeated until it works. */
export const brokerRead: ActivityOptions = {
  startToCloseTimeout: '15s',
  heartbeatTimeout,
  retry: { initialInterval: '250ms', backoffCoefficient: 2, maximumInterval: '5s' },
};
/**
 * One attempt inside the workflow task. What fails there is done as a normal activity. Its timeout is below
 * four fifths of the task's, where core would end the task under it (committedTasks.ts).
 */
export const nearby: LocalActivityOptions = {
  startToCloseTimeout: '2500ms',
  retry: { maximumAttempts: 1 },
};
/** Our own database: repeated until it works. Every statement may run twice. */
export const bookkeeping: ActivityOptions = {
  startToCloseTimeout: '30s',
  heartbeatTimeout,
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '2s' },
};
/** The analysis of a bar is worthless when it is late. */
export const analysis: ActivityOptions = {
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '90s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
};
/** The model server's admin API: repeated until it answers. A refusal is one sentence. */
export const modelServer: ActivityOptions = {
  startToCloseTimeout: '40s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
};
/** One attempt over one channel. The receiver may be away for hours. */
export const alertAttempts: ActivityOptions = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '30h',
  retry: {
    initialInterval: '2s',
    backoffCoefficient: 3,
    maximumInterval: '1h',
    nonRetryableErrorTypes: ['EndpointGone'],
  },
};
/** The end of a day waits for the broker's answer only so long; its absence is in the report. */
export const endOfDay: ActivityOptions = {
  startToCloseTimeout: '40s',
  scheduleToCloseTimeout: '90s',
  heartbeatTimeout,
  retry: { initialInterval: '1s', maximumAttempts: 2 },
};
