// What a position holds, computed from its fills each time: a fill that arrives twice is one fill,
// because the books list it once by trade id.
import { invariant } from '../assert';
import { isLive, type BookOrder, type Fill } from '../orders/order';
import { entrySide, exitSide, paise, shares, type Paise, type Shares, type Side } from '../units';
import type { BooksReading } from './state';
import type { Intent } from './terms';

/** One side's fills summed. */
export interface SideTotal {
  readonly quantity: Shares;
  /** Price × quantity, exact. */
  readonly value: Paise;
}

/** The fills with each trade id once, in the order first seen. */
export function distinctFills(fills: readonly Fill[]): readonly Fill[] {
  return [...new Map(fills.map((fill) => [fill.tradeId, fill])).values()];
}

function total(fills: readonly Fill[], side: Side): SideTotal {
  const ours = fills.filter((fill) => fill.side === side);
  return {
    quantity: shares(ours.reduce((sum, fill) => sum + fill.quantity, 0)),
    value: paise(ours.reduce((sum, fill) => sum + fill.quantity * fill.price, 0)),
  };
}

export interface Holding {
  readonly entered: SideTotal;
  readonly exited: SideTotal;
  /** Entered − exited: what must be protected. Never negative. */
  readonly open: Shares;
  readonly liveEntry: BookOrder | undefined;
  /** More than one only where a stop of unknown outcome appeared after its successor. */
  readonly liveExits: readonly BookOrder[];
}

/** What the books say the position holds. */
export function holdingOf(intent: Intent, books: BooksReading | null): Holding {
  const fills = distinctFills(books?.fills ?? []);
  const orders = (books?.orders ?? []).filter(
    (order) => order.tag === intent.intentId && isLive(order),
  );
  const entered = total(fills, entrySide(intent.direction));
  const exited = total(fills, exitSide(intent.direction));
  const open = shares(entered.quantity - exited.quantity);
  invariant(open >= 0, 'Invariant: the sum of exits never exceeds the sum of entries');
  return {
    entered,
    exited,
    open,
    liveEntry: orders.find((order) => order.side === entrySide(intent.direction)),
    liveExits: orders.filter((order) => order.side === exitSide(intent.direction)),
  };
}

/** Average price of a side, rounded to the paisa; 0 when nothing traded. */
export const averagePrice = ({ quantity, value }: SideTotal): Paise =>
  paise(quantity === 0 ? 0 : Math.round(value / quantity));

/** Profit before charges of what has been closed. */
export function grossPnl(intent: Intent, holding: Holding): Paise {
  const sign = intent.direction === 'LONG' ? 1 : -1;
  if (holding.entered.quantity === 0) return paise(0);
  const cost = Math.round(
    (holding.entered.value * holding.exited.quantity) / holding.entered.quantity,
  );
  return paise(sign * (holding.exited.value - cost));
}
