// The broker without workflows: what the kill switch does when nothing of ours can be asked. Reads the
// books, then acts on them one write at a time, below the broker's rate.
import type { Connect } from 'kiteconnect';
import { z } from 'zod';
import { deliverySteps } from '../../domain/orders/flattenDelivery';
import { flattenSteps, type FlattenStep, type HeldStock } from '../../domain/orders/flatten';
import { isLive, type SendOutcome } from '../../domain/orders/order';
import { isCarried, isIntentTag } from '../../domain/position';
import { withOwners } from '../../domain/reconciliation';
import {
  entrySide,
  paiseFromRupees,
  type Direction,
  type Product,
} from '../../domain/units';
import type { AccountBooks, BooksReader } from './booksReader';
import type { IntentRecord } from './intentRecords';
import { holdingRows, quoteRows } from './rows';
import { sendCancellation, sendModification, sendOrder } from './writes';

/** A step with what came of it. */
export interface DirectResult {
  readonly step: FlattenStep;
  readonly outcome: SendOutcome;
}

/** Between two writes: under ten a second, with room for whatever else of ours still runs. */
const spacingMs = 200;

/** The dump ends with a garbage row, which fails this and is dropped. */
const instrumentRow = z.object({
  tradingsymbol: z.string(),
  tick_size: z.coerce.number().positive(),
});

/** Signed shares by stock. */
type Quantities = ReadonlyMap<string, number>;

function quantitiesOf({ netQuantities }: AccountBooks, product: Product): Quantities {
  const suffix = `/${product}`;
  return new Map(
    [...netQuantities]
      .filter(([key]) => key.endsWith(suffix))
      .map(([key, quantity]) => [key.slice(0, -suffix.length), quantity]),
  );
}

/** Today's delivery trades, and what was held before them. */
async function deliveryQuantities(kite: Connect, books: AccountBooks): Promise<Quantities> {
  const quantities = new Map(quantitiesOf(books, 'CNC'));
  for (const row of holdingRows.parse(await kite.getHoldings())) {
    const { tradingsymbol, quantity, t1_quantity: unsettled } = row;
    quantities.set(tradingsymbol, (quantities.get(tradingsymbol) ?? 0) + quantity + unsettled);
  }
  return quantities;
}

async function heldStocks(kite: Connect, quantities: Quantities): Promise<readonly HeldStock[]> {
  const symbols = [...quantities].filter(([, quantity]) => quantity !== 0);
  if (symbols.length === 0) return [];
  const quotes = quoteRows.parse(await kite.getQuote(symbols.map(([symbol]) => `NSE:${symbol}`)));
  const listed = (await kite.getInstruments('NSE')) as readonly unknown[];
  const ticks = new Map(
    listed.flatMap((row) => {
      const { data } = instrumentRow.safeParse(row);
      return data === undefined ? [] : [[data.tradingsymbol, data.tick_size] as const];
    }),
  );
  return symbols.flatMap(([tradingsymbol, netQuantity]): HeldStock[] => {
    const quote = quotes[`NSE:${tradingsymbol}`];
    const tick = ticks.get(tradingsymbol);
    if (quote === undefined || tick === undefined) return [];
    return [
      {
        ...{ tradingsymbol, netQuantity },
        ltp: paiseFromRupees(quote.last_price),
        tickSize: paiseFromRupees(tick),
        band: {
          lower: paiseFromRupees(quote.lower_circuit_limit),
          upper: paiseFromRupees(quote.upper_circuit_limit),
        },
      },
    ];
  });
}

async function carryOut(
  kite: Connect,
  steps: readonly FlattenStep[],
): Promise<readonly DirectResult[]> {
  const results: DirectResult[] = [];
  for (const step of steps) {
    results.push({ step, outcome: await write(kite, step) });
    await new Promise((resolve) => setTimeout(resolve, spacingMs));
  }
  return results;
}

function write(kite: Connect, step: FlattenStep): Promise<SendOutcome> {
  switch (step.kind) {
    case 'place':
      return sendOrder(kite, step.order);
    case 'modify':
      return sendModification(kite, step.orderId, step.order);
    case 'cancel':
      return sendCancellation(kite, step.orderId);
    case 'replace':
      return replace(kite, step);
  }
}

/** A trigger that would not go may have been met: another order would sell the same shares again. */
async function replace(
  kite: Connect,
  { orderId, order }: Extract<FlattenStep, { kind: 'replace' }>,
): Promise<SendOutcome> {
  const deleted = await sendCancellation(kite, orderId);
  return deleted.kind === 'accepted' ? sendOrder(kite, order) : deleted;
}

/**
 * Leaves everything of ours: exits made marketable, the rest cancelled.
 * @param session its date, and what it may hold as delivery by our records; null where they cannot be read:
 * then only intraday positions are left, and delivery keeps its triggers.
 * @throws Error when the books cannot be read.
 */
export async function closeAllDirect(
  kite: Connect,
  books: BooksReader,
  session: HeldSession | null,
): Promise<readonly DirectResult[]> {
  const account = await books.read();
  const held = await heldStocks(kite, quantitiesOf(account, 'MIS'));
  const intraday = flattenSteps(account.orders, held, isIntentTag);
  const delivery = session === null ? [] : await leaveDelivery(kite, books, account, session);
  return carryOut(kite, [...intraday, ...delivery]);
}

/** A session with the records of what it may hold. */
export interface HeldSession {
  readonly date: string;
  readonly records: readonly IntentRecord[];
}

async function leaveDelivery(
  kite: Connect,
  books: BooksReader,
  account: AccountBooks,
  session: HeldSession,
): Promise<readonly FlattenStep[]> {
  const records = session.records.filter(({ intent }) => isCarried(intent));
  if (records.length === 0) return [];
  const known = records.map(({ intent: { intentId, instrument }, carried, adopted }) => ({
    ...{ intentId, tradingsymbol: instrument.tradingsymbol, carried, adopted },
  }));
  const stocks = new Set(known.map(({ tradingsymbol }) => tradingsymbol));
  const held = await deliveryQuantities(kite, account);
  const ofOurs = new Map([...held].filter(([tradingsymbol]) => stocks.has(tradingsymbol)));
  const owners = records.map(({ intent, orderIds }) => ({ intentId: intent.intentId, orderIds }));
  const triggers = await books.readTriggers();
  const orders = withOwners(account.orders, triggers, owners, session.date);
  return deliverySteps(orders, await heldStocks(kite, ofOurs), known);
}

/**
 * Cancels our live entries; stops stay. @param directions the direction of each intent, by its id.
 * @throws Error when the books cannot be read.
 */
export async function cancelEntriesDirect(
  kite: Connect,
  books: BooksReader,
  directions: ReadonlyMap<string, Direction>,
): Promise<readonly DirectResult[]> {
  const { orders } = await books.read();
  const entries = orders.filter((order) => {
    const direction = directions.get(order.tag ?? '');
    return isLive(order) && direction !== undefined && order.side === entrySide(direction);
  });
  return carryOut(
    kite,
    entries.map(({ orderId, tag }) => ({ kind: 'cancel', orderId, tag: tag ?? '' })),
  );
}
