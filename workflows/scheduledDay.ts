// What a schedule starts. It takes the trading date from the schedule's nominal time and starts the day of
// that date, so that a start by hand and one by schedule cannot both run. A day that exists already is no
// error.
import {
  ParentClosePolicy,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { istDate } from '../domain/session/sessionClock';
import { epochMs } from '../domain/units';
import { now } from './hostClock';
import { dayWorkflowId } from './messages';
import { attributes } from './show';
import type { TradingDayInput } from './dayInput';
import { tradingDay } from './tradingDay';

const nominalStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

export async function scheduledDay(input: Omit<TradingDayInput, 'date'>): Promise<string> {
  const nominal = workflowInfo().typedSearchAttributes.get(nominalStart);
  const date = istDate(nominal === undefined ? now() : epochMs(nominal.getTime()));
  const workflowId = dayWorkflowId(input.account, date);
  try {
    await startChild(tradingDay, {
      workflowId,
      args: [{ ...input, date }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      staticSummary: `Trading day ${date} of ${input.account}`,
      typedSearchAttributes: [
        { key: attributes.account, value: input.account },
        { key: attributes.date, value: date },
        { key: attributes.phase, value: 'preflight' },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return workflowId;
}
