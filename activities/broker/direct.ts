// What the kill switch does at the broker when no workflow or worker answers. It reads the books, then sends
// one write at a time, below the broker's rate.
import type { AccountBooks, Broker } from '../../broker/port';
import { deliverySteps, type KnownDelivery } from '../../domain/orders/flattenDelivery';
import { flattenSteps, type FlattenStep } from '../../domain/orders/flatten';
import { isLive, type BookOrder, type SendOutcome } from '../../domain/orders/order';
import { isCarried, isIntentTag } from '../../domain/position';
import { withOwners } from '../../domain/reconciliation';
import { entrySide, type Direction } from '../../domain/units';
import { askedAgain } from './askedAgain';
import {
  deliveryQuantities,
  heldStocks,
  stockFacts,
  tradedQuantities,
  type Quantities,
} from './heldStocks';
import { ownersOf, type IntentRecord } from './intentRecords';

/** A step with what came of it. */
export interface DirectResult {
  readonly step: FlattenStep;
  readonly outcome: SendOutcome;
}

/** Between two writes: under ten a second, with room for whatever else of ours still runs. */
const spacingMs = 200;
/** The books are read again for so long: somebody waits at the switch. */
const patienceMs = 10_000;

async function carryOut(
  broker: Broker,
  steps: readonly FlattenStep[],
): Promise<readonly DirectResult[]> {
  const results: DirectResult[] = [];
  for (const step of steps) {
    results.push({ step, outcome: await write(broker, step) });
    await new Promise((resolve) => setTimeout(resolve, spacingMs));
  }
  return results;
}

function write(broker: Broker, step: FlattenStep): Promise<SendOutcome> {
  switch (step.kind) {
    case 'place':
      return broker.place(step.order);
    case 'modify':
      return broker.modify(step.orderId, step.order);
    case 'cancel':
      return broker.cancel(step.orderId);
    case 'replace':
      return replace(broker, step);
  }
}

/** A trigger that would not go may have been met: another order would sell the same shares again. */
async function replace(
  broker: Broker,
  { orderId, order }: Extract<FlattenStep, { kind: 'replace' }>,
): Promise<SendOutcome> {
  const deleted = await broker.cancel(orderId);
  return deleted.kind === 'accepted' ? broker.place(order) : deleted;
}

/** A session with the records of what it may hold. */
export interface HeldSession {
  readonly date: string;
  readonly records: readonly IntentRecord[];
}

/**
 * Leaves everything of ours: exits made marketable, the rest cancelled.
 * @param session its date, and what it may hold as delivery by our records; null where they cannot be read:
 * then only intraday positions are left, and delivery keeps its triggers.
 * @throws Error when the books cannot be read.
 */
export async function closeAllDirect(
  broker: Broker,
  session: HeldSession | null,
): Promise<readonly DirectResult[]> {
  const account = await askedAgain(() => broker.books(), patienceMs);
  const intraday = tradedQuantities(account, 'MIS');
  const delivery = await deliveryOf(broker, { account, session });
  const symbols = new Set([...intraday.keys(), ...delivery.quantities.keys()]);
  const facts = await stockFacts(broker, [...symbols]);
  return carryOut(broker, [
    ...flattenSteps(account.orders, heldStocks(facts, intraday), isIntentTag),
    ...deliverySteps(delivery.orders, heldStocks(facts, delivery.quantities), delivery.known),
  ]);
}

interface Delivery {
  readonly known: readonly KnownDelivery[];
  /** With our tags on them, and our triggers among them. */
  readonly orders: readonly BookOrder[];
  /** Of the stocks of known positions. */
  readonly quantities: Quantities;
}

async function deliveryOf(
  broker: Broker,
  { account, session }: { readonly account: AccountBooks; readonly session: HeldSession | null },
): Promise<Delivery> {
  const records = (session?.records ?? []).filter(({ intent }) => isCarried(intent));
  if (session === null || records.length === 0)
    return { known: [], orders: [], quantities: new Map() };
  const known = records.map(({ intent: { intentId, instrument }, carried, adopted }) => ({
    intentId,
    tradingsymbol: instrument.tradingsymbol,
    carried,
    adopted,
  }));
  const stocks = new Set(known.map(({ tradingsymbol }) => tradingsymbol));
  const held = await deliveryQuantities(broker, account);
  const triggers = await askedAgain(() => broker.triggers(), patienceMs);
  return {
    known,
    orders: withOwners(account.orders, triggers, ownersOf(records), session.date),
    quantities: new Map([...held].filter(([tradingsymbol]) => stocks.has(tradingsymbol))),
  };
}

/**
 * Cancels our live entries; stops stay. @param directions the direction of each intent, by its id.
 * @throws Error when the books cannot be read.
 */
export async function cancelEntriesDirect(
  broker: Broker,
  directions: ReadonlyMap<string, Direction>,
): Promise<readonly DirectResult[]> {
  const { orders } = await askedAgain(() => broker.books(), patienceMs);
  const entries = orders.filter((order) => {
    const direction = directions.get(order.tag ?? '');
    return isLive(order) && direction !== undefined && order.side === entrySide(direction);
  });
  return carryOut(
    broker,
    entries.map(({ orderId, tag }) => ({ kind: 'cancel', orderId, tag: tag ?? '' })),
  );
}
