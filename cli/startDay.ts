// Starting a trading day: the workflow with the configuration it is run by, once per account and date.
import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { PositionTiming } from '../domain/position';
import type { RatchetConfig } from '../infra/config/config';
import { dayWorkflowId, ordersQueue } from '../workflows/messages';
import { attributes } from '../workflows/show';
import type { tradingDay } from '../workflows';

/** Durations in a market that runs `speed` times as fast; floors keep them above what this machine needs. */
export function positionTiming(speed: number): PositionTiming {
  const ms = (marketMs: number, floor: number): number =>
    Math.max(floor, Math.round(marketMs / speed));
  return {
    entryLifeMs: ms(60_000, 2_000),
    rereadMs: ms(20_000, 2_500),
    repriceMs: ms(4_000, 1_200),
    stopDoubtMs: 2_500,
  };
}

/** @throws WorkflowExecutionAlreadyStartedError when the day exists. */
export function startDay(
  client: Client,
  config: RatchetConfig,
  date: string,
  speed: number,
): Promise<WorkflowHandle<typeof tradingDay>> {
  const { account, risk, trailing, decision } = config;
  return client.workflow.start<typeof tradingDay>('tradingDay', {
    workflowId: dayWorkflowId(account, date),
    taskQueue: ordersQueue(account),
    args: [
      {
        account,
        date,
        risk,
        trailing,
        barMinutes: decision.barMinutes,
        timing: positionTiming(speed),
      },
    ],
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
