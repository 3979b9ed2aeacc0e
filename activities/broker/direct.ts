// The broker without workflows: what the kill switch does when nothing of ours can be asked. Reads the
// books, then acts on them one write at a time, below the broker's rate.
import type { Connect } from 'kiteconnect';
import { z } from 'zod';
import { flattenSteps, type FlattenStep, type HeldStock } from '../../domain/orders/flatten';
import { isLive, type SendOutcome } from '../../domain/orders/order';
import { isIntentTag } from '../../domain/position';
import { entrySide, paiseFromRupees, type Direction } from '../../domain/units';
import type { AccountBooks, BooksReader } from './booksReader';
import { quoteRows } from './rows';
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

async function heldStocks(
  kite: Connect,
  { netQuantities }: AccountBooks,
): Promise<readonly HeldStock[]> {
  const symbols = [...netQuantities]
    .filter(([key, quantity]) => key.endsWith('/MIS') && quantity !== 0)
    .map(([key, quantity]) => [key.slice(0, -'/MIS'.length), quantity] as const);
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
  }
}

/** Leaves everything of ours: exits made marketable, the rest cancelled. @throws Error when the books cannot be read. */
export async function closeAllDirect(
  kite: Connect,
  books: BooksReader,
): Promise<readonly DirectResult[]> {
  const account = await books.read();
  const held = await heldStocks(kite, account);
  return carryOut(kite, flattenSteps(account.orders, held, isIntentTag));
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
