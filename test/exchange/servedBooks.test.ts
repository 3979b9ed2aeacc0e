// What the REST side serves after any sequence of orders: Kite's position formulas hold, positions follow
// the trades, and books rebuilt from the journal alone are the books served.
import * as fc from 'fast-check';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise } from '../../domain/units';
import type { Exchange } from '../../exchange/engine/exchange';
import type { JournalLine } from '../../exchange/engine/journal';
import { RunningClock } from '../../exchange/engine/marketClock';
import { usualProfile } from '../../exchange/rest/profile';
import { RateLimiter } from '../../exchange/rest/rateLimits';
import { answer } from '../../exchange/rest/router';
import { positionRow, tradeRow } from '../../exchange/rest/rows';
import { trueStatement } from '../../exchange/rest/misstatement';
import { usualQuirks } from '../../exchange/rest/quirks';
import { Session } from '../../exchange/rest/session';
import { anySteps, play } from './orderSequences';
import { date, unlimited } from './support';
import { accountFromJournal } from './accountFromJournal';

type Row = Readonly<Record<string, number | string>>;
interface Served {
  readonly orders: readonly Row[];
  readonly trades: readonly Row[];
  readonly positions: readonly Row[];
}

const credentials = { apiKey: 'key', apiSecret: 'secret', accessToken: 'token' };

/** Reads a book as a client would, without a network between. */
async function served(exchange: Exchange): Promise<Served> {
  const read = async (path: string): Promise<unknown> => {
    const { body } = await answer(
      {
        method: 'GET',
        path,
        query: new URLSearchParams(),
        form: new URLSearchParams(),
        body: '',
        authorization: 'token key:token',
        address: '127.0.0.1',
        paperToken: '',
      },
      {
        exchange,
        session: new Session(credentials),
        farRows: { NSE: [], NFO: [] },
        profile: usualProfile,
        redirectUrl: undefined,
        clock: new RunningClock(exchange.now, { speed: 1, held: true }, () => epochMs(0)),
        faults: exchange.faults,
        limiter: new RateLimiter(unlimited),
        quirks: { ...usualQuirks },
        misstatement: trueStatement(),
        allowedAddresses: undefined,
        hostNow: () => epochMs(0),
      },
    );
    return (JSON.parse(body) as { data: unknown }).data;
  };
  const { net } = (await read('/portfolio/positions')) as { net: readonly Row[] };
  return {
    orders: (await read('/orders')) as readonly Row[],
    trades: (await read('/trades')) as readonly Row[],
    positions: net,
  };
}

const number = (row: Row, field: string): number => Number(row[field]);
const sum = (rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);
const signed = (row: Row): number =>
  (row['transaction_type'] === 'BUY' ? 1 : -1) * number(row, 'quantity');

function checkFormulas(row: Row): void {
  const of = (field: string): number => number(row, field);
  const worth = of('quantity') * of('last_price') * of('multiplier');
  expect(of('quantity')).toBe(of('buy_quantity') - of('sell_quantity'));
  expect(of('value')).toBeCloseTo(of('sell_value') - of('buy_value'), 4);
  expect(of('pnl')).toBeCloseTo(of('value') + worth, 4);
  expect(of('m2m')).toBeCloseTo(of('sell_m2m') - of('buy_m2m') + worth, 4);
  expect(of('buy_m2m')).toBeCloseTo(of('day_buy_value'), 4);
  expect([of('unrealised'), of('realised')]).toEqual([of('pnl'), 0]);
  const side = of('quantity') > 0 ? 'buy_price' : 'sell_price';
  expect(of('average_price')).toBe(of('quantity') === 0 ? 0 : of(side));
}

function checkAgainstTrades({ positions, trades }: Served): void {
  for (const symbol of new Set(trades.map((row) => row['tradingsymbol']))) {
    const own = trades.filter((row) => row['tradingsymbol'] === symbol);
    const open = positions.filter((row) => row['tradingsymbol'] === symbol);
    expect(sum(open, (row) => number(row, 'quantity'))).toBe(sum(own, signed));
    const flow = sum(own, (row) => -signed(row) * number(row, 'average_price'));
    expect(sum(open, (row) => number(row, 'value'))).toBeCloseTo(flow, 2);
  }
}

function checkAgainstJournal(
  { orders, trades, positions }: Served,
  journal: readonly JournalLine[],
  exchange: Exchange,
): void {
  const rebuilt = accountFromJournal(journal, (symbol) => exchange.tape(symbol).listing);
  expect(trades).toEqual(rebuilt.fills.map(tradeRow));
  const rows = rebuilt
    .positions()
    .filter((one) => one.buyQuantity + one.sellQuantity > 0)
    .map((one) => positionRow(one, exchange.tapeByToken(one.listing.instrumentToken)));
  expect(positions).toEqual(rows);
  expect(orders.map((row) => row['order_id'])).toEqual(
    journal.filter(({ kind }) => kind === 'place').map((line) => line['orderId']),
  );
  for (const order of orders) {
    const fills = rebuilt.fills.filter(({ orderId }) => orderId === order['order_id']);
    const filled = fills.reduce((total, fill) => total + fill.quantity, 0);
    const turnover = fills.reduce((total, fill) => total + fill.quantity * fill.price, 0);
    expect(order['filled_quantity']).toBe(filled);
    expect(number(order, 'average_price')).toBeCloseTo(turnover / Math.max(1, filled) / 100, 3);
    const end = journal.find(
      ({ kind, orderId }) => kind === 'final' && orderId === order['order_id'],
    );
    const isOver = ['COMPLETE', 'CANCELLED', 'REJECTED'].includes(String(order['status']));
    expect(end?.['status']).toBe(isOver ? order['status'] : undefined);
    if (end !== undefined) expect(order['cancelled_quantity']).toBe(end['cancelledQuantity']);
  }
}

test.each(['10:30', '15:40'])(
  'paper exchange: at %s the books served follow formulas, trades and journal',
  async (time) => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        const { exchange, journal } = play(steps, istInstant(date, time));
        const books = await served(exchange);
        seen += books.positions.length;
        books.positions.forEach(checkFormulas);
        checkAgainstTrades(books);
        checkAgainstJournal(books, journal, exchange);
        const { cash, openingCash, charges, fees } = exchange.account.books();
        const flow = sum(books.trades, (row) => -signed(row) * number(row, 'average_price'));
        expect(cash).toBe(paise(openingCash + Math.round(flow * 100) - charges - fees));
      }),
      { numRuns: 20, seed: 20_261_125 },
    );
    expect(seen).toBeGreaterThan(20);
  },
);
