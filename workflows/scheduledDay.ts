// What a schedule starts: it takes the trading date from the schedule's own nominal time and starts the
// day of that date, so that a start by hand and by schedule cannot both run. A day that exists is fine. A
// holiday announced after the schedule was made starts nothing: the worker's calendar is asked first.
import {
  ParentClosePolicy,
  proxyActivities,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { DayActivities } from '../activities/marketData';
import { istDate } from '../domain/session/sessionClock';
import { epochMs } from '../domain/units';
import { now } from './hostClock';
import { dayWorkflowId, marketQueue } from './messages';
import { bookkeeping } from './policies';
import { attributes } from './show';
import type { TradingDayInput } from './dayInput';
import { tradingDay } from './tradingDay';

const nominalStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

const market = proxyActivities<DayActivities>({
  ...bookkeeping,
  taskQueue: marketQueue,
  retry: { ...bookkeeping.retry, nonRetryableErrorTypes: ['Refused'] },
});

/** @returns the day's workflow id, or why the date has no session. */
export async function scheduledDay(input: Omit<TradingDayInput, 'date'>): Promise<string> {
  const nominal = workflowInfo().typedSearchAttributes.get(nominalStart);
  const date = istDate(nominal === undefined ? now() : epochMs(nominal.getTime()));
  const kind = await market.dayKind(date);
  if (kind !== 'trading') return `${date} is not a trading day (${kind})`;
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
        ...(input.shownInTemporal === false ? [] : [{ key: attributes.phase, value: 'preflight' }]),
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return workflowId;
}
