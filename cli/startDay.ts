// Starts a trading day: the workflow with the configuration it is run by, once per account and date.
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { RatchetConfig } from '../infra/config/config';
import { beginDay } from '../workers/beginDay';
import type { tradingDay } from '../workflows';
import { dayTerms } from './dayTerms';

/** @throws WorkflowExecutionAlreadyStartedError when the day exists. */
export function startDay(
  client: Client,
  config: RatchetConfig,
  date: string,
  pace: { readonly speed: number; readonly size?: number },
): Promise<WorkflowHandle<typeof tradingDay>> {
  const input = { account: config.account, date, ...dayTerms(config, pace) };
  return beginDay(client, input, 'REJECT_DUPLICATE');
}
