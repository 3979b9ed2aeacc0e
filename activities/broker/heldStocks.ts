// The stocks the account holds, with what an order in them needs: price, tick and band. The kill switch uses it.
import { holdingKey, type AccountBooks, type BrokerReader } from '../../broker/port';
import type { HeldStock } from '../../domain/orders/flatten';
import type { Product } from '../../domain/units';
import { askedAgain } from './askedAgain';

/** Signed shares by stock. */
export type Quantities = ReadonlyMap<string, number>;

/** A stock of which nothing is known to be held. */
type StockFacts = Omit<HeldStock, 'netQuantity'>;

/** Somebody waits at the switch, and quotes are one a second. */
const patienceMs = 10_000;

/** What the day's trades in a product have left. */
export function tradedQuantities({ netQuantities }: AccountBooks, product: Product): Quantities {
  const suffix = holdingKey('', product);
  return new Map(
    [...netQuantities]
      .filter(([key, quantity]) => key.endsWith(suffix) && quantity !== 0)
      .map(([key, quantity]) => [key.slice(0, -suffix.length), quantity]),
  );
}

/** Today's delivery trades, and what was held before them. */
export async function deliveryQuantities(
  broker: BrokerReader,
  books: AccountBooks,
): Promise<Quantities> {
  const quantities = new Map(await askedAgain(() => broker.holdings(), patienceMs));
  for (const [tradingsymbol, quantity] of tradedQuantities(books, 'CNC'))
    quantities.set(tradingsymbol, (quantities.get(tradingsymbol) ?? 0) + quantity);
  return quantities;
}

/** Last price, tick and band of each stock, in one quote; one that has none is left out. */
export async function stockFacts(
  broker: BrokerReader,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, StockFacts>> {
  if (symbols.length === 0) return new Map();
  const quotes = await askedAgain(() => broker.quotes(symbols), patienceMs);
  const listing = await askedAgain(() => broker.listing(), patienceMs);
  const tickSizes = new Map(listing.map((stock) => [stock.tradingsymbol, stock.tickSize]));
  return new Map(
    symbols.flatMap((tradingsymbol): [string, StockFacts][] => {
      const quote = quotes.get(tradingsymbol);
      const tickSize = tickSizes.get(tradingsymbol);
      if (quote === undefined || tickSize === undefined) return [];
      const { lastPrice: ltp, band } = quote;
      return [[tradingsymbol, { tradingsymbol, ltp, tickSize, band }]];
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
