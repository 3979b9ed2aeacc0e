// Timeouts and retries by kind of call, written out where the proxies are made. `heartbeatTimeout` is how
// soon a crashed worker is noticed: on an order's path that is how long a position may wait.
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/** Beaten by the worker for every activity (workers/heartbeat.ts). */
const heartbeatTimeout = '2s';
/** As with heartbeats, for the workflow's own steps. */
export const workflowTaskTimeout = '4s';

/** A write whose outcome may be unknown: one attempt; the state machine decides what follows. */
export const brokerWrite: ActivityOptions = {
  startToCloseTimeout: '20s',
  heartbeatTimeout,
  retry: { maximumAttempts: 1 },
};
/** Reading has no effect: again until it works. */
export const brokerRead: ActivityOptions = {
  startToCloseTimeout: '15s',
  heartbeatTimeout,
  retry: { initialInterval: '250ms', backoffCoefficient: 2, maximumInterval: '5s' },
};
/**
 * One attempt inside the workflow task; what it does not do at once goes the long way. Over before core
 * would end the task under it, at four fifths of its timeout (committedTasks.ts).
 */
export const nearby: LocalActivityOptions = {
  startToCloseTimeout: '2500ms',
  retry: { maximumAttempts: 1 },
};
/** Our own database: again until it works; every statement may run twice. */
export const bookkeeping: ActivityOptions = {
  startToCloseTimeout: '30s',
  heartbeatTimeout,
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '2s' },
};
/** Analysis of a bar is worth nothing late. */
export const analysis: ActivityOptions = {
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '90s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
};
/** The model server's admin API: again until it answers; what it refuses it says in one sentence. */
export const modelServer: ActivityOptions = {
  startToCloseTimeout: '40s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
};
/** One webhook attempt; the receiver may be away for hours. */
export const webhook: ActivityOptions = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '30h',
  retry: {
    initialInterval: '2s',
    backoffCoefficient: 3,
    maximumInterval: '1h',
    nonRetryableErrorTypes: ['EndpointGone'],
  },
};
