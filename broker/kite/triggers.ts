// Kite's two-leg GTT: what holds a position over the night. Writing one, and reading the list of them.
import type { Connect } from 'kiteconnect';
import { z } from 'zod';
import type { OcoPricing, OrderRequest, SendOutcome } from '../../domain/orders/order';
import {
  legsByTrigger,
  namedLegs,
  triggerOrderId,
  type BookTrigger,
  type TriggerState,
} from '../../domain/orders/trigger';
import { rupeesFromPaise } from '../../domain/units';
import { sendFailure } from './outcome';
import type { RowKind } from './rows/sifted';
import {
  isOfPossibleValue,
  quantity,
  side,
  text,
  tradedPrice,
  writtenInstant,
} from './rows/values';

type TriggerParameters = Parameters<Connect['placeGTT']>[0];

function parametersOf(order: OrderRequest, oco: OcoPricing): TriggerParameters {
  const legs = legsByTrigger(oco);
  return {
    trigger_type: 'two-leg',
    exchange: 'NSE',
    tradingsymbol: order.tradingsymbol,
    trigger_values: legs.map(({ trigger }) => rupeesFromPaise(trigger)),
    last_price: rupeesFromPaise(oco.ltp),
    orders: legs.map(({ price }) => ({
      transaction_type: order.side,
      quantity: order.quantity,
      product: order.product,
      order_type: 'LIMIT',
      price: rupeesFromPaise(price),
    })),
  } as unknown as TriggerParameters;
}

const acknowledgement = z.object({ trigger_id: z.number() });

/** A 200 whose body was not JSON resolves with an error-shaped object: no id, no acceptance. */
function accepted(reply: unknown): SendOutcome {
  const { data } = acknowledgement.safeParse(reply);
  return data === undefined
    ? { kind: 'inDoubt', message: 'the broker answered without a trigger id' }
    : { kind: 'accepted', orderId: triggerOrderId(data.trigger_id) };
}

export const placeTrigger = (
  kite: Connect,
  order: OrderRequest,
  oco: OcoPricing,
): Promise<SendOutcome> => kite.placeGTT(parametersOf(order, oco)).then(accepted, sendFailure);

export const modifyTrigger = (
  kite: Connect,
  triggerId: string,
  order: OrderRequest,
  oco: OcoPricing,
): Promise<SendOutcome> =>
  kite.modifyGTT(triggerId, parametersOf(order, oco)).then(accepted, sendFailure);

export const deleteTrigger = (kite: Connect, triggerId: string): Promise<SendOutcome> =>
  kite.deleteGTT(triggerId).then(accepted, sendFailure);

/** Statuses by which a trigger has ended without placing anything; a disabled one protects nothing either. */
const endedStatuses: readonly string[] = [
  'disabled',
  'expired',
  'cancelled',
  'rejected',
  'deleted',
];

/** A status nobody has documented counts as met: it may have placed an order. */
export function triggerState(status: string): TriggerState {
  if (status === 'active') return 'resting';
  return endedStatuses.includes(status) ? 'ended' : 'met';
}

const leg = z
  .object({
    transaction_type: side,
    product: text,
    quantity,
    price: tradedPrice,
    result: z
      .object({
        order_result: z.object({
          status: z.string(),
          order_id: z.string().nullish(),
          rejection_reason: z.string().nullish(),
        }),
      })
      .nullish(),
  })
  .refine((row) => isOfPossibleValue(row.quantity, row.price), {
    path: ['quantity'],
    message: 'times the price is more than any order is worth',
  });

type Leg = z.infer<typeof leg>;

const triggerRow = z.object({
  id: z.number().int().positive(),
  status: text,
  created_at: writtenInstant,
  updated_at: writtenInstant,
  condition: z.object({ tradingsymbol: text, trigger_values: z.tuple([tradedPrice, tradedPrice]) }),
  orders: z.tuple([leg, leg]),
});

const textOrNull = (value: string | null | undefined): string | null =>
  value === undefined || value === '' ? null : value;

function resultOf(stop: Leg, target: Leg): BookTrigger['result'] {
  const isStop = stop.result !== null && stop.result !== undefined;
  const result = (isStop ? stop : target).result?.order_result;
  if (result === undefined) return null;
  return {
    leg: isStop ? 'stop' : 'target',
    orderId: textOrNull(result.order_id),
    rejection: textOrNull(result.rejection_reason),
  };
}

function triggerOf(row: z.infer<typeof triggerRow>): BookTrigger {
  const { condition, orders, status } = row;
  const [first, second] = condition.trigger_values;
  const one = { order: orders[0], trigger: first };
  const other = { order: orders[1], trigger: second };
  const { stop, target } = namedLegs(
    one.order.transaction_type,
    first < second ? [one, other] : [other, one],
  );
  return {
    orderId: triggerOrderId(row.id),
    tradingsymbol: condition.tradingsymbol,
    side: stop.order.transaction_type,
    product: stop.order.product,
    state: triggerState(status),
    quantity: stop.order.quantity,
    stop: { trigger: stop.trigger, price: stop.order.price },
    target: { trigger: target.trigger, price: target.order.price },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    result: resultOf(stop.order, target.order),
  };
}

type Raw = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null;

/** Ours sell or buy limits at a price, two of them; whatever else is a stranger's. */
function isOfOurKind({ type, condition, orders }: Raw): boolean {
  const legs: readonly unknown[] = Array.isArray(orders) ? orders : [];
  return (
    type === 'two-leg' &&
    isRecord(condition) &&
    condition['exchange'] === 'NSE' &&
    legs.length === 2 &&
    legs.every(
      (one) =>
        isRecord(one) &&
        one['order_type'] === 'LIMIT' &&
        one['price'] !== null &&
        one['price'] !== 0,
    )
  );
}

/** The account's two-leg triggers, those that ended within a week included. */
export const triggerRows: RowKind<BookTrigger> = {
  what: 'the triggers',
  row: triggerRow.transform(triggerOf),
  concernsUs: isOfOurKind,
};
