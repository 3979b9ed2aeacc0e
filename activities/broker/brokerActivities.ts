// The broker, as the position workflow sees it: order writes that answer with an outcome and never hide
// one, and one reading of the books. The client is the unmodified `kiteconnect`.
import type { Connect } from 'kiteconnect';
import { isIntentTag, tagsOf, type BooksReading } from '../../domain/position';
import type { OrderRequest, SendOutcome } from '../../domain/orders/order';
import type { WriteKind } from '../../domain/orders/limiter';
import type { RiskApproved } from '../../domain/risk';
import { epochMs, rupeesFromPaise, shares, type Paise, type Product } from '../../domain/units';
import type { BooksReader } from './booksReader';
import { sendFailure } from './outcome';
import type { WriteGate } from './gate';

export interface BrokerDependencies {
  readonly kite: Connect;
  readonly gate: WriteGate;
  readonly books: BooksReader;
  /** The stock's last price. Throws when there is none: a price is never guessed. */
  readonly lastPrice: (tradingsymbol: string) => Promise<Paise>;
}

/** Whose books are asked for. */
export interface BooksQuestion {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly product: Product;
  /** Orders of ours by the broker's answer, whether its book shows them or not. */
  readonly orderIds: readonly string[];
}

export interface BrokerActivities {
  /** Sends an approved entry, once. */
  sendEntry(order: RiskApproved<OrderRequest>): Promise<SendOutcome>;
  /** Places the exit order: the protective stop, or the limit that leaves. */
  placeExit(order: OrderRequest): Promise<SendOutcome>;
  modifyExit(orderId: string, order: OrderRequest): Promise<SendOutcome>;
  cancelOrder(orderId: string): Promise<SendOutcome>;
  /** Orders and fills of an intent, and what else happened in its stock. Throws when any part cannot be read. */
  readBooks(intent: BooksQuestion): Promise<BooksReading>;
}

/** Kite's parameters for an order. SL carries both prices; every order is DAY. */
function orderParameters(order: OrderRequest): Record<string, string | number> {
  const { pricing } = order;
  return {
    exchange: 'NSE',
    tradingsymbol: order.tradingsymbol,
    transaction_type: order.side,
    quantity: order.quantity,
    product: order.product,
    order_type: pricing.kind,
    price: rupeesFromPaise(pricing.price),
    ...(pricing.kind === 'SL' ? { trigger_price: rupeesFromPaise(pricing.trigger) } : {}),
    validity: 'DAY',
    tag: order.tag,
  };
}

/** What a modification sends: total quantity, type and both prices, always, since Kite ignores halves. */
const modifyParameters = (order: OrderRequest): Record<string, string | number> => ({
  quantity: order.quantity,
  order_type: order.pricing.kind,
  price: rupeesFromPaise(order.pricing.price),
  ...(order.pricing.kind === 'SL' ? { trigger_price: rupeesFromPaise(order.pricing.trigger) } : {}),
  validity: 'DAY',
});

const exitKind = (order: OrderRequest): WriteKind =>
  order.pricing.kind === 'LIMIT' ? 'exit' : 'stop';

/** A 200 whose body was not JSON resolves with an error-shaped object: no id, no acceptance. */
function accepted(reply: unknown): SendOutcome {
  const orderId = (reply as { order_id?: unknown } | null)?.order_id;
  if (typeof orderId === 'string' && orderId !== '') return { kind: 'accepted', orderId };
  return { kind: 'inDoubt', message: 'the broker answered without an order id' };
}

/** Makes the activities of one account. */
export function createBrokerActivities(dependencies: BrokerDependencies): BrokerActivities {
  const { kite, gate } = dependencies;
  const send = async (kind: WriteKind, call: () => Promise<unknown>): Promise<SendOutcome> => {
    await gate.admit(kind);
    try {
      return accepted(await call());
    } catch (error) {
      return sendFailure(error);
    }
  };
  type Place = Parameters<Connect['placeOrder']>[1];
  const place = (order: OrderRequest): Promise<unknown> =>
    kite.placeOrder('regular', orderParameters(order) as unknown as Place);
  return {
    sendEntry: (order) => send('entry', () => place(order)),
    placeExit: (order) => send(exitKind(order), () => place(order)),
    modifyExit: (orderId, order) =>
      send(order.pricing.kind === 'LIMIT' ? 'exit' : 'trail', () =>
        kite.modifyOrder('regular', orderId, modifyParameters(order)),
      ),
    cancelOrder: (orderId) => send('exit', () => kite.cancelOrder('regular', orderId)),
    readBooks: (intent) => readBooks(dependencies, intent),
  };
}

async function readBooks(
  { books, lastPrice }: BrokerDependencies,
  { intentId, tradingsymbol, product, orderIds }: BooksQuestion,
): Promise<BooksReading> {
  const [{ orders, fills, netQuantities }, ltp] = await Promise.all([
    books.read(),
    lastPrice(tradingsymbol),
  ]);
  const tags = tagsOf({ intentId });
  const own = orders.filter(({ tag }) => tag !== null && tags.includes(tag));
  const ids = new Set([...orderIds, ...own.map((order) => order.orderId)]);
  const others = new Map(
    orders
      .filter((order) => order.tradingsymbol === tradingsymbol && order.product === product)
      .filter(({ orderId, tag }) => !ids.has(orderId) && (tag === null || !isIntentTag(tag)))
      .map((order) => [order.orderId, order]),
  );
  return {
    orders: own,
    fills: fills.filter((fill) => ids.has(fill.orderId)),
    foreign: fills.flatMap((fill) => {
      const order = others.get(fill.orderId);
      return order === undefined
        ? []
        : [{ ...fill, byBroker: order.placedBy !== own[0]?.placedBy }];
    }),
    ltp,
    netQuantity: shares(netQuantities.get(`${tradingsymbol}/${product}`) ?? 0),
    at: epochMs(Date.now()),
  };
}
