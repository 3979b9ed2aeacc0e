// Kite's half that reads, in the port's words.
import type { Connect } from 'kiteconnect';
import { z } from 'zod';
import { istText } from '../../domain/session/sessionClock';
import { rupeesFromPaise } from '../../domain/units';
import type { AccountOrder, Fill } from '../../domain/orders/order';
import { BooksUnread, BrokerFailure } from '../failure';
import {
  holdingKey,
  type AccountBooks,
  type BrokerReader,
  type HistorySpan,
  type OrderFigures,
} from '../port';
import { kiteCapabilities } from './limits';
import { readFailure } from './outcome';
import {
  chargesShape,
  fundsShape,
  holdingRows,
  marginShape,
  profileShape,
} from './rows/accountRows';
import { orderRows, positionRows, tradeRows } from './rows/bookRows';
import { candleShape, futureRows, lastPriceShape, quoteShape, stockRows } from './rows/marketRows';
import { readWhole, siftedRows } from './rows/sifted';
import { triggerRows } from './triggers';

/** A question with what its failure means. */
const asked = <T>(what: string, question: Promise<T>): Promise<T> =>
  question.catch((error: unknown) => {
    throw readFailure(what, error);
  });

const nameOf = (tradingsymbol: string): string => `NSE:${tradingsymbol}`;
const symbolOf = (name: string): string => name.slice('NSE:'.length);

const bySymbol = <T>(answers: Readonly<Record<string, T>>): ReadonlyMap<string, T> =>
  new Map(Object.entries(answers).map(([name, answer]) => [symbolOf(name), answer]));

/** What margins and charges are asked with. */
const orderParameters = (order: OrderFigures): Record<string, string | number> => ({
  exchange: 'NSE',
  tradingsymbol: order.tradingsymbol,
  transaction_type: order.side,
  variety: 'regular',
  product: order.product,
  order_type: 'LIMIT',
  quantity: order.quantity,
});

export const kiteReader = (kite: Connect): BrokerReader => ({
  capabilities: kiteCapabilities,
  profile: async () =>
    readWhole('the profile', profileShape, await asked('the profile', kite.getProfile())),
  books: () => readBooks(kite),
  triggers: async () => siftedRows(triggerRows, await asked('the triggers', kite.getGTTs())),
  holdings: async () => {
    const held = new Map<string, number>();
    const answer = await asked('the holdings', kite.getHoldings());
    for (const { tradingsymbol, quantity } of siftedRows(holdingRows, answer))
      held.set(tradingsymbol, (held.get(tradingsymbol) ?? 0) + quantity);
    return held;
  },
  funds: async () =>
    readWhole('the funds', fundsShape, await asked('the funds', kite.getMargins('equity'))),
  margins: async (orders) => {
    const parameters = orders.map((order) => ({
      ...orderParameters(order),
      price: rupeesFromPaise(order.price),
      trigger_price: 0,
    }));
    type Orders = Parameters<Connect['orderMargins']>[0];
    const answer = await asked('the margins', kite.orderMargins(parameters as unknown as Orders));
    return readWhole('the margins', z.array(marginShape).length(orders.length), answer);
  },
  charges: async (orders) => {
    const parameters = orders.map((order, index) => ({
      ...orderParameters(order),
      order_id: String(index + 1),
      average_price: rupeesFromPaise(order.price),
    }));
    type Orders = Parameters<Connect['getvirtualContractNote']>[0];
    const note = kite.getvirtualContractNote(parameters as unknown as Orders);
    const answer: unknown = await asked('the charges', note);
    return readWhole('the charges', z.array(chargesShape).length(orders.length), answer);
  },
  listing: async () =>
    siftedRows(stockRows, await asked('the list of stocks', kite.getInstruments('NSE'))),
  underlyings: async () => {
    const answer = await asked('the list of derivatives', kite.getInstruments('NFO'));
    return new Set(siftedRows(futureRows, answer));
  },
  quotes: async (symbols) => {
    const answer = await asked('the quotes', kite.getQuote(symbols.map(nameOf)));
    return bySymbol(readWhole('the quotes', quoteShape, answer));
  },
  lastPrices: async (symbols) => {
    const answer = await asked('the last prices', kite.getLTP(symbols.map(nameOf)));
    const prices = bySymbol(readWhole('the last prices', lastPriceShape, answer));
    return new Map(
      [...prices].flatMap(([symbol, { last_price: price }]) =>
        price > 0 ? [[symbol, price]] : [],
      ),
    );
  },
  history: async (span) =>
    readWhole('the history', z.array(candleShape), await asked('the history', history(kite, span))),
});

async function readBooks(kite: Connect): Promise<AccountBooks> {
  const reading = [readOrders(kite), readTrades(kite), readPositions(kite)] as const;
  try {
    const [orders, fills, netQuantities] = await Promise.all(reading);
    return { orders, fills, netQuantities };
  } catch (error) {
    if (!(error instanceof BrokerFailure)) throw error;
    const [orders, fills] = await Promise.allSettled(reading);
    throw new BooksUnread(error, { orders: valueOf(orders), fills: valueOf(fills) });
  }
}

const valueOf = <T>(result: PromiseSettledResult<T>): T | null =>
  result.status === 'fulfilled' ? result.value : null;

const readOrders = async (kite: Connect): Promise<readonly AccountOrder[]> =>
  siftedRows(orderRows, await asked('the orders', kite.getOrders()));

const readTrades = async (kite: Connect): Promise<readonly Fill[]> =>
  siftedRows(tradeRows, await asked('the trades', kite.getTrades()));

async function readPositions(kite: Connect): Promise<ReadonlyMap<string, number>> {
  const answer = await asked('the positions', kite.getPositions());
  const { net } = readWhole('the positions', z.object({ net: z.unknown() }), answer);
  return new Map(
    siftedRows(positionRows, net).map((row) => [
      holdingKey(row.tradingsymbol, row.product),
      row.quantity,
    ]),
  );
}

const history = (kite: Connect, { instrumentToken, from, to }: HistorySpan): Promise<unknown> =>
  kite.getHistoricalData(instrumentToken, 'minute', istText(from), istText(to));
