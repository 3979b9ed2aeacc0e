// The end of a day: our money against the broker's, and what is told of it.
import type { AlertBody } from '../alerts/catalogue';
import { formatRupees } from '../units';
import { cashDifference, type CashComparison } from './cash';
import { chargesWords, type ChargesComparison } from './charges';

export { cashMovedBy, obstaclesIn, ownFills, type DayBooks } from './books';
export {
  compareCash,
  settlingOf,
  type CashComparison,
  type Compared,
  type TradedCash,
} from './cash';
export { compareCharges, type ChargedOrder, type ChargesComparison } from './charges';

/** The broker could not be asked. */
export interface Unread {
  readonly kind: 'unread';
  /** Why, in words. */
  readonly why: string;
}

/** What the end of a day was compared to. */
export interface EndOfDay {
  /** Differences between books and records that the last reconciliation found. */
  readonly findings: number;
  readonly charges: ChargesComparison | Unread;
  readonly cash: CashComparison | Unread;
}

/** What a person is told of the end of the day; null where there is nothing to tell. */
export interface EndAlarms {
  readonly charges: AlertBody<'charges.differ'> | null;
  readonly cash: AlertBody<'cash.differ'> | null;
}

export const alarmsOf = ({ charges, cash }: EndOfDay): EndAlarms => ({
  charges:
    charges.kind === 'unread' || charges.agrees
      ? null
      : {
          orders: charges.orders,
          ours: formatRupees(charges.ours),
          brokers: formatRupees(charges.brokers),
          why: chargesWords(charges),
        },
  cash: cash.kind === 'unread' || cash.agrees ? null : cashAlarm(cash),
});

function cashAlarm(cash: CashComparison): AlertBody<'cash.differ'> {
  const { ours, brokers, why } = cashDifference(cash);
  return { ours: formatRupees(ours), brokers: formatRupees(brokers), why };
}
