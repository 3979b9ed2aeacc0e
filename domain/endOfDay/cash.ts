// The day's cash against the broker's. What our trades moved must be in its trades to the paisa. Its free money
// is then what was free in the morning, with what was paid in and what the trades moved. A part of that it may
// count only when it has settled: profits, what delivery sales brought in, and the day's charges, which it takes
// after the day. Sources: docs/kite.md, Books.
import { formatRupees, paise, type Paise, type Product } from '../units';

/** An amount of ours and the broker's for it. */
export interface Compared {
  readonly ours: Paise;
  readonly brokers: Paise;
}

/** The day by our records. */
export interface OurCash {
  /** Cash as the broker stated it when the day began. */
  readonly openingCash: Paise;
  /** Free money as the broker stated it then. */
  readonly freeAtOpen: Paise;
  /** What the day's trades have brought in, before charges. */
  readonly moved: Paise;
  /** What of it the broker may still hold back. */
  readonly settling: Paise;
}

/** The day by the broker. */
export interface BrokersCash {
  readonly cash: Paise;
  readonly free: Paise;
  /** What our orders have brought in by its trades, before charges. */
  readonly moved: Paise;
  /** Why its free money says nothing of ours, in words. */
  readonly obstacles: readonly string[];
}

export interface CashComparison {
  readonly kind: 'compared';
  readonly moved: Compared;
  readonly free: Compared;
  /** Paid in since the morning, or out where negative. */
  readonly paidIn: Paise;
  readonly settling: Paise;
  readonly obstacles: readonly string[];
  readonly agrees: boolean;
}

/** What one position traded in the session. */
export interface TradedCash {
  readonly product: Product;
  readonly moved: Paise;
  readonly sold: Paise;
}

/** @param charges of the day, fees included. */
export const settlingOf = (positions: readonly TradedCash[], charges: Paise): Paise =>
  paise(
    positions.reduce<number>(
      (sum, { product, moved, sold }) => sum + (product === 'CNC' ? sold : Math.max(0, moved)),
      charges,
    ),
  );

export function compareCash(ours: OurCash, brokers: BrokersCash): CashComparison {
  const { settling } = ours;
  const { obstacles } = brokers;
  const paidIn = paise(brokers.cash - ours.openingCash);
  const moved = { ours: ours.moved, brokers: brokers.moved };
  const free = { ours: paise(ours.freeAtOpen + paidIn + ours.moved), brokers: brokers.free };
  const agrees =
    moved.ours === moved.brokers && (obstacles.length > 0 || isExplained(free, settling));
  return { kind: 'compared', moved, free, paidIn, settling, obstacles, agrees };
}

/** Less than ours by no more than what may be held back; never more. */
const isExplained = ({ ours, brokers }: Compared, settling: Paise): boolean =>
  brokers <= ours && ours - brokers <= settling;

/** The two numbers that differ, and what they are. */
export function cashDifference({ moved, free }: CashComparison): Compared & { why: string } {
  return moved.ours === moved.brokers
    ? { ...free, why: `Free money differs by ${formatRupees(gap(free))}.` }
    : { ...moved, why: `What the day’s trades moved differs by ${formatRupees(gap(moved))}.` };
}

const gap = ({ ours, brokers }: Compared): Paise => paise(Math.abs(ours - brokers));
