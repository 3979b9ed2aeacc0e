// Whose is what in the account's books: the position's own orders and trades, and what strangers did in its
// stock. Kite has no query by tag, so this is decided from the whole account's books.
import { sharesOnSale, type AccountOrder, type BookOrder, type Fill } from '../orders/order';
import { isSought, orderOfTrigger, type BookTrigger } from '../orders/trigger';
import type { Product } from '../units';
import type { KnownAs } from './command';
import { tagsOf } from './holding';
import type { BooksReading } from './state';
import { isIntentTag, type Intent, type PositionTerms } from './terms';

/** Whose books are asked for. */
export interface BooksQuestion extends Pick<Intent, 'intentId'>, KnownAs {
  readonly tradingsymbol: string;
  readonly product: Product;
  /** The session: what a trigger placed on another day is in no book any more. */
  readonly date: string;
}

/** What a position asks of the books. */
export const booksQuestion = (
  { intent, date }: PositionTerms,
  { orderIds, sought }: KnownAs,
): BooksQuestion => ({
  intentId: intent.intentId,
  tradingsymbol: intent.instrument.tradingsymbol,
  product: intent.product,
  date,
  orderIds,
  sought,
});

/** The account's books as they were read, triggers last: an order one of them has placed is in `orders`. */
export interface ReadBooks {
  readonly orders: readonly AccountOrder[];
  readonly fills: readonly Fill[];
  readonly triggers: readonly BookTrigger[];
}

const isOurs = ({ tag }: AccountOrder): boolean => tag !== null && isIntentTag(tag);

/** The part of the account's orders and trades that concerns one position. */
export function attribute(
  question: BooksQuestion,
  { orders, fills, triggers }: ReadBooks,
): Pick<BooksReading, 'orders' | 'fills' | 'foreign' | 'othersSelling'> {
  const { tradingsymbol, product } = question;
  const tags = tagsOf(question);
  const tagged = orders.filter(({ tag }) => tag !== null && tags.includes(tag));
  const ownTriggers = triggersOf(question, triggers);
  const own = [...tagged, ...placedBy(ownTriggers, question, orders)];
  const ids = new Set([...question.orderIds, ...own.map(({ orderId }) => orderId)]);
  const others = new Map(
    orders
      .filter((order) => order.tradingsymbol === tradingsymbol && order.product === product)
      .filter((order) => !ids.has(order.orderId) && !isOurs(order))
      .map((order) => [order.orderId, order]),
  );
  // Orders of ours say who the account's user is; anybody else is the broker.
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

/** A trigger has no tag: it is ours by the broker's answer, or by its levels where there was none. */
const triggersOf = (
  { tradingsymbol, product, orderIds, sought }: BooksQuestion,
  triggers: readonly BookTrigger[],
): readonly BookTrigger[] =>
  triggers
    .filter((one) => one.tradingsymbol === tradingsymbol && one.product === product)
    .filter((one) => orderIds.includes(one.orderId) || isSought(one, sought));

/** The orders our triggers have placed, as orders of ours. */
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
