// The exchange engine's orders and trades as the broker's client shows them to the state machine, and its
// requests as the engine takes them.
import type { AccountOrder, Fill, OrderRequest } from '../domain/orders/order';
import { paise, shares } from '../domain/units';
import type {
  Fill as ExchangeFill,
  Order,
  OrderChanges,
  OrderTerms,
} from '../infra/paper-exchange/engine/order';

export const placeTerms = (order: OrderRequest): OrderTerms => ({
  variety: 'regular',
  tradingsymbol: order.tradingsymbol,
  side: order.side,
  product: order.product,
  orderType: order.pricing.kind,
  quantity: order.quantity,
  price: order.pricing.price,
  triggerPrice: order.pricing.kind === 'SL' ? order.pricing.trigger : paise(0),
  disclosedQuantity: shares(0),
  validity: 'DAY',
  validityTtl: 0,
  marketProtection: 0,
  tag: order.tag,
  icebergLegs: 0,
});

/** What an order is to become. */
export const changesTo = ({ pricing, quantity }: OrderRequest): OrderChanges => ({
  quantity,
  orderType: pricing.kind,
  price: pricing.price,
  validity: 'DAY',
  ...(pricing.kind === 'SL' ? { triggerPrice: pricing.trigger } : {}),
});

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
