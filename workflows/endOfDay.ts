// Step 12 of the day (docs/trading-day.md): its money against the broker's. It never holds up the end.
import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { EndOfDayActivities } from '../activities/broker';
import { alarmsOf } from '../domain/endOfDay';
import type { TradingDayInput } from './dayInput';
import { endOfDay } from './policies';
import type { AlertOutbox } from './raiseAlert';

const activities = proxyActivities<EndOfDayActivities>(endOfDay);

/** @param findings of the last reconciliation. */
export async function compareWithBroker(
  { account, date }: TradingDayInput,
  outbox: AlertOutbox,
  findings: number,
): Promise<void> {
  const compared = await activities
    .compareWithBroker(account, date, findings)
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return null;
    });
  if (compared === null) return;
  const { charges, cash } = alarmsOf(compared);
  if (charges !== null) outbox.raise('charges.differ', 'end', charges);
  if (cash !== null) outbox.raise('cash.differ', 'end', cash);
}
