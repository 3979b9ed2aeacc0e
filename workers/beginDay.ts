// Begins a trading day's workflow: once by a person or a program, and anew when somebody has ended it.
import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { dayWorkflowId, ordersQueue } from '../workflows/messages';
import { attributes } from '../workflows/show';
import type { tradingDay } from '../workflows';

type DayInput = Parameters<typeof tradingDay>[0];

/**
 * @param reuse whether a day that has ended may be begun anew
 * @throws WorkflowExecutionAlreadyStartedError when the day runs, or may not be begun anew.
 */
export function beginDay(
  client: Client,
  input: DayInput,
  reuse: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
): Promise<WorkflowHandle<typeof tradingDay>> {
  const { account, date } = input;
  return client.workflow.start<typeof tradingDay>('tradingDay', {
    workflowId: dayWorkflowId(account, date),
    taskQueue: ordersQueue(account),
    args: [input],
    workflowIdReusePolicy: WorkflowIdReusePolicy[reuse],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    staticSummary: `Trading day ${date} of ${account}`,
    typedSearchAttributes: [
      { key: attributes.account, value: account },
      { key: attributes.date, value: date },
      ...(input.shownInTemporal === false ? [] : [{ key: attributes.phase, value: 'preflight' }]),
    ],
  });
}
