// Starts a trading day: the workflow with the configuration it is run by, once per account and date.
import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { RatchetConfig } from '../infra/config/config';
import { dayWorkflowId, ordersQueue } from '../workflows/messages';
import { dayTerms } from './dayTerms';
import { attributes } from '../workflows/show';
import type { tradingDay } from '../workflows';

/** @throws WorkflowExecutionAlreadyStartedError when the day exists. */
export function startDay(
  client: Client,
  config: RatchetConfig,
  date: string,
  pace: { readonly speed: number; readonly size?: number },
): Promise<WorkflowHandle<typeof tradingDay>> {
  const { account } = config;
  return client.workflow.start<typeof tradingDay>('tradingDay', {
    workflowId: dayWorkflowId(account, date),
    taskQueue: ordersQueue(account),
    args: [{ account, date, ...dayTerms(config, pace) }],
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    staticSummary: `Trading day ${date} of ${account}`,
    typedSearchAttributes: [
      { key: attributes.account, value: account },
      { key: attributes.date, value: date },
      { key: attributes.phase, value: 'preflight' },
    ],
  });
}
