// Kite's half that reads, in the port's words.
import type { Connect } from 'kiteconnect';
import { z } from 'zod';
import type { Charges } from '../../domain/charges';
import { istText } from '../../domain/session/sessionClock';
import { rupeesFromPaise } from '../../domain/units';
import type { AccountOrder, Fill } from '../../domain/orders/order';
import { BooksUnread, BrokerFailure } from '../failure';
import {
  holdingKey,
  type AccountBooks,
  type BrokerReader,
  type ExecutedFigures,
  type HistorySpan,
  type OrderFigures,
} from '../port';
import { kiteCapabilities } from './limits';
import { kiteRoot, localAddress, serverTime } from './line';
import { readFailure } from './outcome';
import {
  chargesShape,
  fundsShape,
  holdingRows,
  marginShape,
  profileShape,
} from './rows/accountRows';
import { orderRows, positionRows, tradeRows } from './rows/bookRows';
import { candleShape, futureRows, quoteRow, stockRows } from './rows/marketRows';
import { readableOf, readWhole, siftedRows } from './rows/sifted';
import { triggerRows } from './triggers';

/** A question with what its failure means. */
const asked = <T>(what: string, question: Promise<T>): Promise<T> =>
  question.catch((error: unknown) => {
    throw readFailure(what, error);
  });

const nameOf = (tradingsymbol: string): string => `NSE:${tradingsymbol}`;
const symbolOf = (name: string): string => name.slice('NSE:'.length);

/** What margins and charges are asked with. */
const orderParameters = (order: Omit<OrderFigures, 'price'>): Record<string, string | number> => ({
  exchange: 'NSE',
  tradingsymbol: order.tradingsymbol,
  transaction_type: order.side,
  variety: 'regular',
  product: order.product,
  order_type: 'LIMIT',
  quantity: order.quantity,
});

/** @param root where Kite's protocol is spoken; Kite itself when left out. */
export const kiteReader = (kite: Connect, root: string = kiteRoot): BrokerReader => ({
  capabilities: kiteCapabilities,
  serverTime: () => serverTime(root),
  localAddress: () => localAddress(root),
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
  charges: (orders) => readCharges(kite, orders),
  listing: async () =>
    siftedRows(stockRows, await asked('the list of stocks', kite.getInstruments('NSE'))),
  underlyings: async () => {
    const answer = await asked('the list of derivatives', kite.getInstruments('NFO'));
    return new Set(siftedRows(futureRows, answer));
  },
  quotes: async (symbols) => {
    const answer = await asked('the quotes', kite.getQuote(symbols.map(nameOf)));
    const quotes = readableOf('the quotes', quoteRow, answer);
    return new Map([...quotes].map(([name, quote]) => [symbolOf(name), quote]));
  },
  history: async (span) =>
    readWhole('the history', z.array(candleShape), await asked('the history', history(kite, span))),
});

/** The average price of an order in parts, in rupees: so many decimals give its turnover back to the paisa. */
const averagePrice = ({ turnover, quantity }: ExecutedFigures): number =>
  Number((rupeesFromPaise(turnover) / quantity).toFixed(8));

async function readCharges(
  kite: Connect,
  orders: readonly ExecutedFigures[],
): Promise<readonly Charges[]> {
  const parameters = orders.map((order, index) => ({
    ...orderParameters(order),
    order_id: String(index + 1),
    average_price: averagePrice(order),
  }));
  type Orders = Parameters<Connect['getvirtualContractNote']>[0];
  const note = kite.getvirtualContractNote(parameters as unknown as Orders);
  const answer: unknown = await asked('the charges', note);
  return readWhole('the charges', z.array(chargesShape).length(orders.length), answer);
}

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
