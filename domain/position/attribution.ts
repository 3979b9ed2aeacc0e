// Tells which of the account's orders and trades belong to a position, and what strangers did in its stock.
// The broker has no query by tag, so the whole account's books are searched.
import {
  sharesOnSale,
  type AccountOrder,
  type BookOrder,
  type Fill,
  type OrderReport,
} from '../orders/order';
import { isSought, orderOfTrigger, type BookTrigger } from '../orders/trigger';
import { entrySide, paise, shares, type Paise, type Product, type Side } from '../units';
import type { KnownAs, KnownEntry } from './command';
import { quantityOf, tagsOf } from './holding';
import type { BooksReading } from './state';
import { isIntentTag } from './tag';
import type { Intent, PositionTerms } from './terms';

/** The position whose part of the books is asked for. */
export interface BooksQuestion extends Pick<Intent, 'intentId'>, KnownAs {
  readonly tradingsymbol: string;
  readonly product: Product;
  /** The session's date. An order placed by a trigger on another day is in no book any more. */
  readonly date: string;
  readonly entry: KnownEntry & { readonly side: Side; readonly limit: Paise };
}

/** The question a position asks of the books. */
export const booksQuestion = (
  { intent, date }: PositionTerms,
  { orderIds, sought, entry }: KnownAs,
): BooksQuestion => ({
  intentId: intent.intentId,
  tradingsymbol: intent.instrument.tradingsymbol,
  product: intent.product,
  date,
  orderIds,
  sought,
  entry: { ...entry, side: entrySide(intent.direction), limit: intent.entryLimit },
});

/**
 * The account's books as they were read. Triggers are read last, so an order that one of them has placed is
 * in `orders`.
 */
export interface ReadBooks {
  readonly orders: readonly AccountOrder[];
  readonly fills: readonly Fill[];
  readonly triggers: readonly BookTrigger[];
}

/** Our tag on another stock is somebody else's order: what it trades is not held by this position. */
const isOfStock = (
  order: Pick<AccountOrder, 'tradingsymbol' | 'product'>,
  { tradingsymbol, product }: Pick<BooksQuestion, 'tradingsymbol' | 'product'>,
): boolean => order.tradingsymbol === tradingsymbol && order.product === product;

const isOurs = ({ tag }: AccountOrder): boolean => tag !== null && isIntentTag(tag);

/** What came of a question: the whole books, or what one of them alone tells of the entry. */
export type BooksAnswer =
  | { readonly kind: 'whole'; readonly reading: BooksReading }
  | { readonly kind: 'partly'; readonly report: OrderReport };

/** The books that could be read where not all could; null for one that could not. */
export interface PartOfBooks {
  readonly orders: readonly AccountOrder[] | null;
  readonly fills: readonly Fill[] | null;
}

/** What a part of the books tells of the entry's fills; null where it is nothing new. */
export function entryReport(question: BooksQuestion, part: PartOfBooks): OrderReport | null {
  const { intentId: tag, entry } = question;
  const listed = part.orders?.find(
    (order) => isOfStock(order, question) && order.tag === tag && order.side === entry.side,
  );
  const orderId = listed?.orderId ?? entry.orderId;
  const fills = (part.fills ?? []).filter(
    (fill) => fill.orderId === orderId && fill.side === entry.side,
  );
  const traded = orderId === null ? 0 : quantityOf(fills, orderId);
  const value = fills.reduce((sum, fill) => sum + fill.quantity * fill.price, 0);
  const filled = Math.max(traded, listed?.filledQuantity ?? 0);
  if (orderId === null || filled <= entry.filled) return null;
  // Without the trades the price is the limit, which is never better than what was paid.
  const averagePrice = traded === filled ? Math.round(value / traded) : entry.limit;
  return {
    ...{ orderId, tag, side: entry.side },
    ...{ filledQuantity: shares(filled), averagePrice: paise(averagePrice) },
  };
}

/** The part of the account's orders and trades that concerns one position. */
export function attribute(
  question: BooksQuestion,
  { orders, fills, triggers }: ReadBooks,
): Pick<BooksReading, 'orders' | 'fills' | 'foreign' | 'othersSelling'> {
  const tags = tagsOf(question);
  const tagged = orders.filter(
    (order) => isOfStock(order, question) && order.tag !== null && tags.includes(order.tag),
  );
  const ownTriggers = triggersOf(question, triggers);
  const own = [...tagged, ...placedBy(ownTriggers, question, orders)];
  const ids = new Set([...question.orderIds, ...own.map(({ orderId }) => orderId)]);
  const others = new Map(
    orders
      .filter((order) => isOfStock(order, question))
      .filter((order) => !ids.has(order.orderId) && !isOurs(order))
      .map((order) => [order.orderId, order]),
  );
  // An order of ours names the account's user. Any other placer is the broker.
  const user = (tagged[0] ?? orders.find(isOurs))?.placedBy;
  return {
    orders: [...own, ...ownTriggers.map((trigger) => orderOfTrigger(trigger, question, orders))],
    fills: fills.filter(({ orderId }) => ids.has(orderId)),
    foreign: fills.flatMap((fill) => {
      const order = others.get(fill.orderId);
      return order === undefined ? [] : [{ ...fill, byBroker: order.placedBy !== user }];
    }),
    othersSelling: sharesOnSale([...others.values()]),
  };
}

/**
 * A trigger has no tag. It is ours by the id the broker answered with, or by its levels where there was no
 * answer.
 */
const triggersOf = (
  { tradingsymbol, product, orderIds, sought }: BooksQuestion,
  triggers: readonly BookTrigger[],
): readonly BookTrigger[] =>
  triggers
    .filter((one) => one.tradingsymbol === tradingsymbol && one.product === product)
    .filter((one) => orderIds.includes(one.orderId) || isSought(one, sought));

/** The orders our triggers have placed, marked as ours. */
const placedBy = (
  triggers: readonly BookTrigger[],
  { intentId }: BooksQuestion,
  orders: readonly AccountOrder[],
): readonly BookOrder[] =>
  triggers.flatMap(({ result }) => {
    const order = orders.find(({ orderId }) => orderId === result?.orderId);
    return result === null || order === undefined
      ? []
      : [{ ...order, tag: intentId, leg: result.leg }];
  });
