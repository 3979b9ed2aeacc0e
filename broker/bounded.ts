// The writing half of any adapter, behind the bounds of domain/orders: an order that cannot be meant is rejected here,
// whoever sends it.
import { whyUnsendable } from '../domain/orders/bounds';
import type { OrderRequest, SendOutcome } from '../domain/orders/order';
import type { RefusalCode } from '../domain/refusals';
import type { BrokerCapabilities, BrokerWriter } from './port';

const code = 'ORDER_BOUNDS' satisfies RefusalCode;

export function boundedWriter(writer: BrokerWriter, { tag }: BrokerCapabilities): BrokerWriter {
  const bounded = async (
    order: OrderRequest,
    send: () => Promise<SendOutcome>,
  ): Promise<SendOutcome> => {
    const message = whyUnsendable(order, tag);
    return message === null ? send() : { kind: 'rejected', code, message };
  };
  return {
    place: (order) => bounded(order, () => writer.place(order)),
    modify: (orderId, order) => bounded(order, () => writer.modify(orderId, order)),
    cancel: (orderId) => writer.cancel(orderId),
  };
}
