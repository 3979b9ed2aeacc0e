// Whose is what in the account's books: the position's own orders and trades, and what strangers did in its
// stock. Kite has no query by tag, so this is decided from the whole account's books.
import type { AccountOrder, Fill } from '../orders/order';
import type { Product } from '../units';
import { tagsOf } from './holding';
import type { BooksReading } from './state';
import { isIntentTag, type Intent } from './terms';

/** Whose books are asked for. */
export interface BooksQuestion extends Pick<Intent, 'intentId'> {
  readonly tradingsymbol: string;
  readonly product: Product;
  /** Orders of ours by the broker's answer, whether its book shows them or not. */
  readonly orderIds: readonly string[];
}

const isOurs = ({ tag }: AccountOrder): boolean => tag !== null && isIntentTag(tag);

/** The part of the account's orders and trades that concerns one position. */
export function attribute(
  question: BooksQuestion,
  orders: readonly AccountOrder[],
  fills: readonly Fill[],
): Pick<BooksReading, 'orders' | 'fills' | 'foreign'> {
  const { tradingsymbol, product } = question;
  const tags = tagsOf(question);
  const own = orders.filter(({ tag }) => tag !== null && tags.includes(tag));
  const ids = new Set([...question.orderIds, ...own.map(({ orderId }) => orderId)]);
  const others = new Map(
    orders
      .filter((order) => order.tradingsymbol === tradingsymbol && order.product === product)
      .filter((order) => !ids.has(order.orderId) && !isOurs(order))
      .map((order) => [order.orderId, order]),
  );
  // Orders of ours say who the account's user is; anybody else is the broker.
  const user = (own[0] ?? orders.find(isOurs))?.placedBy;
  return {
    orders: own,
    fills: fills.filter(({ orderId }) => ids.has(orderId)),
    foreign: fills.flatMap((fill) => {
      const order = others.get(fill.orderId);
      return order === undefined ? [] : [{ ...fill, byBroker: order.placedBy !== user }];
    }),
  };
}
