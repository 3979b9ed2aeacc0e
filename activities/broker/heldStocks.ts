// What the account holds, with what an order in it needs to know of the stock: for acting without workflows.
import type { Connect } from 'kiteconnect';
import { z } from 'zod';
import type { HeldStock } from '../../domain/orders/flatten';
import { paiseFromRupees, type Product } from '../../domain/units';
import { askedAgain } from './askedAgain';
import type { AccountBooks } from './booksReader';
import { bandOf, heldBefore, quoteRows } from './rows';

/** Signed shares by stock. */
export type Quantities = ReadonlyMap<string, number>;

/** A stock of which nothing is known to be held. */
type StockFacts = Omit<HeldStock, 'netQuantity'>;

/** Somebody waits at the switch, and quotes are one a second. */
const patienceMs = 10_000;

/** The dump ends with a garbage row, which fails this and is dropped. */
const instrumentRow = z.object({
  tradingsymbol: z.string(),
  tick_size: z.coerce.number().positive(),
});

/** What the day's trades in a product have left. */
export function tradedQuantities({ netQuantities }: AccountBooks, product: Product): Quantities {
  const suffix = `/${product}`;
  return new Map(
    [...netQuantities]
      .filter(([key, quantity]) => key.endsWith(suffix) && quantity !== 0)
      .map(([key, quantity]) => [key.slice(0, -suffix.length), quantity]),
  );
}

/** Today's delivery trades, and what was held before them. */
export async function deliveryQuantities(kite: Connect, books: AccountBooks): Promise<Quantities> {
  const quantities = new Map(heldBefore(await askedAgain(() => kite.getHoldings(), patienceMs)));
  for (const [tradingsymbol, quantity] of tradedQuantities(books, 'CNC'))
    quantities.set(tradingsymbol, (quantities.get(tradingsymbol) ?? 0) + quantity);
  return quantities;
}

/** Last price, tick and band of each stock, in one quote; one that has none is left out. */
export async function stockFacts(
  kite: Connect,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, StockFacts>> {
  if (symbols.length === 0) return new Map();
  const names = symbols.map((symbol) => `NSE:${symbol}`);
  const quotes = quoteRows.parse(await askedAgain(() => kite.getQuote(names), patienceMs));
  const ticks = await tickSizes(kite);
  return new Map(
    symbols.flatMap((tradingsymbol): [string, StockFacts][] => {
      const quote = quotes[`NSE:${tradingsymbol}`];
      const tick = ticks.get(tradingsymbol);
      if (quote === undefined || tick === undefined) return [];
      const [ltp, tickSize] = [paiseFromRupees(quote.last_price), paiseFromRupees(tick)];
      return [[tradingsymbol, { tradingsymbol, ltp, tickSize, band: bandOf(quote) }]];
    }),
  );
}

async function tickSizes(kite: Connect): Promise<ReadonlyMap<string, number>> {
  const listed: readonly unknown[] = await askedAgain(() => kite.getInstruments('NSE'), patienceMs);
  return new Map(
    listed.flatMap((row) => {
      const { data } = instrumentRow.safeParse(row);
      return data === undefined ? [] : [[data.tradingsymbol, data.tick_size] as const];
    }),
  );
}

/** The stocks that are held, with how much of each. */
export const heldStocks = (
  facts: ReadonlyMap<string, StockFacts>,
  quantities: Quantities,
): readonly HeldStock[] =>
  [...facts.values()].flatMap((stock) => {
    const netQuantity = quantities.get(stock.tradingsymbol) ?? 0;
    return netQuantity === 0 ? [] : [{ ...stock, netQuantity }];
  });
