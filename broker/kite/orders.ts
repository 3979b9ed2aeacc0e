// The three writes Kite knows, with what came of each: an outcome, never a throw. Every order is DAY.
import type { Connect } from 'kiteconnect';
import type { OrderRequest, SendOutcome } from '../../domain/orders/order';
import { isTriggerOrderId, triggerIdOf } from '../../domain/orders/trigger';
import { rupeesFromPaise } from '../../domain/units';
import type { BrokerWriter } from '../port';
import { sendFailure } from './outcome';
import { deleteTrigger, modifyTrigger, placeTrigger } from './triggers';

/** Both prices and the type, always: Kite ignores halves. SL carries a trigger too. */
const priceParameters = ({ pricing }: OrderRequest): Record<string, string | number> => ({
  order_type: pricing.kind,
  price: rupeesFromPaise(pricing.price),
  ...(pricing.kind === 'SL' && { trigger_price: rupeesFromPaise(pricing.trigger) }),
  validity: 'DAY',
});

/** A 200 whose body was not JSON resolves with an error-shaped object: no id, no acceptance. */
function accepted(reply: unknown): SendOutcome {
  const orderId = (reply as { order_id?: unknown } | null)?.order_id;
  if (typeof orderId === 'string' && orderId !== '') return { kind: 'accepted', orderId };
  return { kind: 'inDoubt', message: 'the broker answered without an order id' };
}

const outcomeOf = (call: Promise<unknown>): Promise<SendOutcome> =>
  call.then(accepted, sendFailure);

/** Kite's half that writes. A trigger stands for an OCO and has an order id of its own form. */
export const kiteWriter = (kite: Connect): BrokerWriter => ({
  place: (order) => place(kite, order),
  modify: (orderId, order) => {
    const { pricing, quantity } = order;
    return pricing.kind === 'OCO'
      ? modifyTrigger(kite, triggerIdOf(orderId), order, pricing)
      : outcomeOf(kite.modifyOrder('regular', orderId, { quantity, ...priceParameters(order) }));
  },
  cancel: (orderId) =>
    isTriggerOrderId(orderId)
      ? deleteTrigger(kite, triggerIdOf(orderId))
      : outcomeOf(kite.cancelOrder('regular', orderId)),
});

function place(kite: Connect, order: OrderRequest): Promise<SendOutcome> {
  if (order.pricing.kind === 'OCO') return placeTrigger(kite, order, order.pricing);
  const parameters = {
    exchange: 'NSE',
    tradingsymbol: order.tradingsymbol,
    transaction_type: order.side,
    quantity: order.quantity,
    product: order.product,
    ...priceParameters(order),
    tag: order.tag,
  };
  type Place = Parameters<Connect['placeOrder']>[1];
  return outcomeOf(kite.placeOrder('regular', parameters as unknown as Place));
}
