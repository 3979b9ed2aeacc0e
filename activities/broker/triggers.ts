// Kite's two-leg GTT: what holds a position over the night. Writing one, and reading the list of them.
import type { Connect } from 'kiteconnect';
import { z } from 'zod';
import type { OcoPricing, OrderRequest, SendOutcome } from '../../domain/orders/order';
import {
  legsByTrigger,
  namedLegs,
  triggerOrderId,
  type BookTrigger,
} from '../../domain/orders/trigger';
import { istInstant } from '../../domain/session/sessionClock';
import { paiseFromRupees, rupeesFromPaise, shares } from '../../domain/units';
import { sendFailure } from './outcome';

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

const side = z.enum(['BUY', 'SELL']);
/** The client leaves these as text, in India's time. */
const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .transform((text) => istInstant(text.slice(0, 10), text.slice(11)));

const leg = z.object({
  transaction_type: side,
  product: z.string(),
  quantity: z.number(),
  price: z.number(),
  result: z
    .object({
      order_result: z.object({
        status: z.string(),
        order_id: z.coerce.string().nullish(),
        rejection_reason: z.string().nullish(),
      }),
    })
    .nullish(),
});

const triggerRow = z.object({
  id: z.number(),
  type: z.string(),
  status: z.string(),
  created_at: instant,
  updated_at: instant,
  condition: z.object({ tradingsymbol: z.string(), trigger_values: z.array(z.number()) }),
  orders: z.array(leg),
});

type TriggerRow = z.infer<typeof triggerRow>;
type Leg = z.infer<typeof leg>;

function resultOf(legs: readonly (Leg | undefined)[]): BookTrigger['result'] {
  const index = legs.findIndex((one) => one?.result !== null && one?.result !== undefined);
  const result = legs[index]?.result?.order_result;
  if (result === undefined) return null;
  return {
    leg: index === 0 ? 'stop' : 'target',
    orderId: result.order_id === '' ? null : (result.order_id ?? null),
    rejection: result.rejection_reason === '' ? null : (result.rejection_reason ?? null),
  };
}

/** A two-leg trigger in our units; undefined of any other. */
function triggerOf(row: TriggerRow): BookTrigger | undefined {
  const { condition, status } = row;
  const [lower, upper] = row.orders
    .map((order, index) => ({ order, trigger: condition.trigger_values[index] ?? 0 }))
    .toSorted((one, other) => one.trigger - other.trigger);
  if (row.type !== 'two-leg' || lower === undefined || upper === undefined) return undefined;
  const { stop, target } = namedLegs(lower.order.transaction_type, [lower, upper]);
  const inPaise = ({ order, trigger }: typeof stop): BookTrigger['stop'] => ({
    trigger: paiseFromRupees(trigger),
    price: paiseFromRupees(order.price),
  });
  return {
    orderId: triggerOrderId(row.id),
    tradingsymbol: condition.tradingsymbol,
    side: stop.order.transaction_type,
    product: stop.order.product,
    status,
    quantity: shares(stop.order.quantity),
    stop: inPaise(stop),
    target: inPaise(target),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    result: resultOf([stop.order, target.order]),
  };
}

/** The account's two-leg triggers, those that ended within a week included. @throws Error when they cannot be read. */
export async function readTriggers(kite: Connect): Promise<readonly BookTrigger[]> {
  const rows = z.array(triggerRow).parse(await kite.getGTTs());
  return rows.flatMap((row) => triggerOf(row) ?? []);
}
