// The broker's charges for the day's executed orders against those our ledger has booked, order by order. Fees
// that are in no contract note, the broker's square-off and the depository's, are not part of either.
import { formatRupees, paise, type Paise, type Side } from '../units';

/** What an executed order cost, by our ledger and by the broker. */
export interface ChargedOrder {
  readonly orderId: string;
  readonly tradingsymbol: string;
  readonly side: Side;
  readonly ours: Paise;
  readonly brokers: Paise;
}

export interface ChargesComparison {
  readonly kind: 'compared';
  readonly orders: number;
  readonly ours: Paise;
  readonly brokers: Paise;
  /** Those beyond the tolerance. */
  readonly differing: readonly ChargedOrder[];
  readonly agrees: boolean;
}

/**
 * How far one order may be off. The broker rounds none of the six components, or each in its own way; ours are
 * rounded to the paisa, and GST is taken on rounded ones.
 */
export const orderTolerance = paise(5);

/** How far the sum may be off. Roundings go both ways, so it grows with the root of their number. */
const sumTolerance = (orders: number): number => Math.ceil(orderTolerance * Math.sqrt(orders));

const distance = ({ ours, brokers }: Pick<ChargedOrder, 'ours' | 'brokers'>): number =>
  Math.abs(ours - brokers);

export function compareCharges(orders: readonly ChargedOrder[]): ChargesComparison {
  const ours = paise(orders.reduce((sum, order) => sum + order.ours, 0));
  const brokers = paise(orders.reduce((sum, order) => sum + order.brokers, 0));
  const differing = orders.filter((order) => distance(order) > orderTolerance);
  const agrees =
    differing.length === 0 && distance({ ours, brokers }) <= sumTolerance(orders.length);
  return { kind: 'compared', orders: orders.length, ours, brokers, differing, agrees };
}

const namedMax = 3;

/** What differs, in words; the largest differences first. */
export function chargesWords({ differing }: ChargesComparison): string {
  if (differing.length === 0)
    return 'No order is off by more than rounding, but together they are: a rate has changed.';
  const named = differing
    .toSorted((left, right) => distance(right) - distance(left))
    .slice(0, namedMax)
    .map(
      ({ orderId, side, tradingsymbol, ours, brokers }) =>
        `${side} ${tradingsymbol}, order ${orderId}: ours ${formatRupees(ours)}, the broker’s ${formatRupees(brokers)}`,
    );
  const more = differing.length - named.length;
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}
