// Translates between the exchange engine and the state machine: orders and trades as the broker's client
// would show them, and requests as the engine takes them.
import type {
  AccountOrder,
  Fill,
  OcoPricing,
  OrderReport,
  OrderPricing,
  OrderRequest,
} from '../domain/orders/order';
import {
  isTriggerOrderId,
  legsByTrigger,
  namedLegs,
  triggerIdOf,
  triggerOrderId,
  type BookTrigger,
} from '../domain/orders/trigger';
import { triggerState } from '../broker/kite/triggers';
import { paise, shares } from '../domain/units';
import type { Exchange } from '../exchange/engine/exchange';
import type { Gtt, GttWish } from '../exchange/engine/gtt';
import type {
  Fill as ExchangeFill,
  Order,
  OrderChanges,
  OrderTerms,
} from '../exchange/engine/order';

type ExchangePricing = Exclude<OrderPricing, OcoPricing>;

const placeTerms = (order: OrderRequest, pricing: ExchangePricing): OrderTerms => ({
  variety: 'regular',
  tradingsymbol: order.tradingsymbol,
  side: order.side,
  product: order.product,
  orderType: pricing.kind,
  quantity: order.quantity,
  price: pricing.price,
  triggerPrice: pricing.kind === 'SL' ? pricing.trigger : paise(0),
  disclosedQuantity: shares(0),
  validity: 'DAY',
  validityTtl: 0,
  marketProtection: 0,
  tag: order.tag,
  icebergLegs: 0,
});

const changesTo = (quantity: OrderRequest['quantity'], pricing: ExchangePricing): OrderChanges => ({
  quantity,
  orderType: pricing.kind,
  price: pricing.price,
  validity: 'DAY',
  ...(pricing.kind === 'SL' ? { triggerPrice: pricing.trigger } : {}),
});

/** What an update says of an order; null where it bears no tag. */
export const reportRow = ({
  orderId,
  tag,
  side,
  filledQuantity,
  turnover,
}: Pick<Order, 'orderId' | 'tag' | 'side' | 'filledQuantity' | 'turnover'>): OrderReport | null =>
  tag === null
    ? null
    : {
        ...{ orderId, tag, side, filledQuantity },
        averagePrice: paise(filledQuantity === 0 ? 0 : Math.round(turnover / filledQuantity)),
      };

export const fillRow = (fill: ExchangeFill): Fill => {
  const { tradeId, orderId, side, quantity, price, at } = fill;
  return { tradeId, orderId, side, quantity, price, at };
};

export const accountOrder = (order: Order): AccountOrder => ({
  orderId: order.orderId,
  tag: order.tag,
  tradingsymbol: order.listing.tradingsymbol,
  side: order.side,
  product: order.product,
  orderType: order.orderType,
  status: order.status,
  statusMessage: order.statusMessage,
  quantity: order.quantity,
  filledQuantity: order.filledQuantity,
  price: order.price,
  trigger: order.triggerPrice,
  placedAt: order.placedAt,
  placedBy: order.placer === 'broker' ? 'rms' : 'user',
});

const triggerTerms = (order: OrderRequest, oco: OcoPricing): GttWish => {
  const legs = legsByTrigger(oco).map(({ trigger, price }) => ({
    triggerPrice: trigger,
    terms: { ...placeTerms(order, { kind: 'LIMIT', price }), tag: null },
  }));
  return { tradingsymbol: order.tradingsymbol, lastPrice: oco.ltp, legs };
};

/** Places an order or a trigger. @returns its order id. @throws KiteError when it is refused. */
export function placeAt(exchange: Exchange, order: OrderRequest): string {
  const { pricing } = order;
  return pricing.kind === 'OCO'
    ? triggerOrderId(exchange.gtts.place(triggerTerms(order, pricing)).id)
    : exchange.place(placeTerms(order, pricing)).orderId;
}

/** @throws KiteError when it is refused. */
export function modifyAt(exchange: Exchange, orderId: string, order: OrderRequest): string {
  const { pricing, quantity } = order;
  if (pricing.kind === 'OCO')
    exchange.gtts.modify(Number(triggerIdOf(orderId)), triggerTerms(order, pricing));
  else exchange.modify(orderId, changesTo(quantity, pricing));
  return orderId;
}

/** @throws KiteError when it is refused. */
export function cancelAt(exchange: Exchange, orderId: string): string {
  if (isTriggerOrderId(orderId)) exchange.gtts.delete(Number(triggerIdOf(orderId)));
  else exchange.cancel(orderId);
  return orderId;
}

/** The two-leg triggers as the broker's client lists them. */
export const triggerRows = (exchange: Exchange): readonly BookTrigger[] =>
  exchange.gtts.all().flatMap((gtt) => triggerRow(gtt) ?? []);

function triggerRow(gtt: Gtt): BookTrigger | undefined {
  const [lower, upper] = gtt.legs;
  if (lower === undefined || upper === undefined) return undefined;
  const { side, product, quantity } = lower.terms;
  const { stop, target } = namedLegs(side, [lower, upper]);
  const placed = gtt.results.findIndex((result) => result !== null);
  const result = gtt.results[placed] ?? null;
  return {
    orderId: triggerOrderId(gtt.id),
    tradingsymbol: gtt.tradingsymbol,
    side,
    product,
    quantity,
    state: triggerState(gtt.status),
    stop: { trigger: stop.triggerPrice, price: stop.terms.price },
    target: { trigger: target.triggerPrice, price: target.terms.price },
    createdAt: gtt.createdAt,
    updatedAt: gtt.updatedAt,
    result:
      result === null
        ? null
        : {
            leg: gtt.legs[placed] === stop ? 'stop' : 'target',
            orderId: result.orderId === '' ? null : result.orderId,
            rejection: result.rejection,
          },
  };
}
