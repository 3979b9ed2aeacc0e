// What a position holds, computed from its fills each time. A fill that arrives twice counts once, since
// fills are told apart by trade id.
import { isLive, type BookOrder, type Fill } from '../orders/order';
import {
  directionSign,
  entrySide,
  exitSide,
  paise,
  shares,
  sideSign,
  type Paise,
  type Shares,
  type Side,
} from '../units';
import type { ForeignFill, PositionState } from './state';
import type { Intent } from './terms';

/**
 * The tag of the order that buys back what was sold too much. It is never taken for an entry: an intent's id
 * has no small letters, so the two cannot be confused.
 */
export const correctionTag = ({ intentId }: Pick<Intent, 'intentId'>): string => `${intentId}c`;

/** The intent whose order carries this tag. */
export const intentOfTag = (tag: string): string => tag.replace(/c$/, '');

/** The tags a position's orders may carry. */
export const tagsOf = (intent: Pick<Intent, 'intentId'>): readonly string[] => [
  intent.intentId,
  correctionTag(intent),
];

/** One side's fills summed. */
export interface SideTotal {
  readonly quantity: Shares;
  /** Price × quantity, exact. */
  readonly value: Paise;
}

/**
 * Each trade once, in the order first seen. An exchange numbers its trades anew every day, so a trade is
 * known by order and trade id.
 */
export function distinctFills<F extends Fill>(fills: readonly F[]): readonly F[] {
  return [...new Map(fills.map((fill) => [`${fill.orderId}/${fill.tradeId}`, fill])).values()];
}

function total(fills: readonly Fill[], side: Side): SideTotal {
  const ours = fills.filter((fill) => fill.side === side);
  return {
    quantity: shares(ours.reduce((sum, fill) => sum + fill.quantity, 0)),
    value: paise(ours.reduce((sum, fill) => sum + fill.quantity * fill.price, 0)),
  };
}

export interface Holding {
  /** The entry's fills, with what a correction bought back. */
  readonly entered: SideTotal;
  /** Our exits' fills, with the foreign ones that closed it. */
  readonly exited: SideTotal;
  /** Entered − exited: what must be protected. Below 0 when two exits filled, which is corrected at once. */
  readonly open: number;
  readonly liveEntry: BookOrder | undefined;
  /** More than one only where a stop of unknown outcome appeared after its replacement. */
  readonly liveExits: readonly BookOrder[];
  readonly liveCorrections: readonly BookOrder[];
}

const added = (one: SideTotal, other: SideTotal): SideTotal => ({
  quantity: shares(one.quantity + other.quantity),
  value: paise(one.value + other.value),
});

const nothing: SideTotal = { quantity: shares(0), value: paise(0) };

/** What the broker has told of the entry's fills and the books do not show yet. */
export function beyondBooks(
  books: PositionState['books'],
  reported: PositionState['reported'],
): SideTotal {
  if (reported === null || reported === undefined) return nothing;
  const { orderId, quantity, averagePrice } = reported;
  const shown = distinctFills(books?.fills ?? []).filter((fill) => fill.orderId === orderId);
  const missing = quantity - shown.reduce((sum, fill) => sum + fill.quantity, 0);
  if (missing <= 0) return nothing;
  const value =
    quantity * averagePrice - shown.reduce((sum, fill) => sum + fill.quantity * fill.price, 0);
  return { quantity: shares(missing), value: paise(Math.max(0, value)) };
}

/** What the position holds, from its own orders' fills and the foreign fills it has adopted. */
export function holdingOf(
  intent: Intent,
  { books, adopted, reported }: Pick<PositionState, 'books' | 'adopted' | 'reported'>,
): Holding {
  const fills = [...distinctFills(books?.fills ?? []), ...adopted];
  const live = (books?.orders ?? []).filter(isLive);
  const entered = added(total(fills, entrySide(intent.direction)), beyondBooks(books, reported));
  const exited = total(fills, exitSide(intent.direction));
  const own = live.filter((order) => order.tag === intent.intentId);
  return {
    entered,
    exited,
    open: entered.quantity - exited.quantity,
    liveEntry: own.find((order) => order.side === entrySide(intent.direction)),
    liveExits: own.filter((order) => order.side === exitSide(intent.direction)),
    liveCorrections: live.filter((order) => order.tag === correctionTag(intent)),
  };
}

/** Shares an order has traded. */
export const quantityOf = (fills: readonly Fill[], orderId: string): number =>
  fills.filter((fill) => fill.orderId === orderId).reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * Do orders and trades contradict each other? They are read side by side, so a fill may be in one list and
 * not yet in the other. An order that is complete without its trades would look as if nothing were held.
 */
export function isTorn({ books }: Pick<PositionState, 'books'>): boolean {
  if (books === null) return false;
  const traded = new Map<string, number>();
  for (const { orderId, quantity } of distinctFills(books.fills))
    traded.set(orderId, (traded.get(orderId) ?? 0) + quantity);
  return books.orders.some(
    ({ orderId, filledQuantity }) => filledQuantity !== (traded.get(orderId) ?? 0),
  );
}

/**
 * The foreign trades to adopt as exits now: those since the entry that lowered the account's holding of the
 * stock, up to what this position held when they were made. A foreign purchase offsets a foreign sale. An
 * exit of ours that filled after such a sale sold shares that were gone; the correction buys those back.
 */
export function newlyAdopted(
  intent: Intent,
  { books, adopted }: PositionState,
): readonly ForeignFill[] {
  const entryFill = books?.fills.find((fill) => fill.side === entrySide(intent.direction));
  if (books === null || entryFill === undefined) return [];
  const d = directionSign(intent.direction);
  const lowering = (fill: Fill): number => -d * sideSign(fill.side) * fill.quantity;
  const since = distinctFills(books.foreign)
    .filter((fill) => fill.at >= entryFill.at)
    .toSorted((one, other) => one.at - other.at);
  const found: ForeignFill[] = [];
  const sumOf = (fills: readonly Fill[]): number =>
    fills.reduce((sum, { quantity }) => sum + quantity, 0);
  let lowered = 0;
  for (const fill of since) {
    lowered += lowering(fill);
    if (fill.side !== exitSide(intent.direction)) continue;
    const already = sumOf(adopted) + sumOf(found);
    // Where the times are equal, a foreign trade counts as made before our exits.
    const heldThen = -books.fills
      .filter(({ at, side }) => at < fill.at || (at === fill.at && side !== fill.side))
      .reduce((sum, own) => sum + lowering(own), already);
    const before = sumOf(adopted.filter(({ tradeId }) => isPartOf(tradeId, fill.tradeId)));
    const quantity = Math.min(heldThen, lowered - already, fill.quantity - before);
    if (quantity <= 0) continue;
    // A trade adopted in two parts is recorded as two.
    const tradeId = before === 0 ? fill.tradeId : `${fill.tradeId}/${before}`;
    found.push({ ...fill, tradeId, quantity: shares(quantity) });
  }
  return found;
}

const isPartOf = (partId: string, tradeId: string): boolean =>
  partId === tradeId || partId.startsWith(`${tradeId}/`);

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
