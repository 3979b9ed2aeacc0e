// Goal: an export sums to the ledger to the paisa, whatever was traded: long and short, in parts, over nights,
// with more sold than held; and its rows say what a tax return asks for.
import fc from 'fast-check';
import { exportOf, type BookedCost, type ExportedFill } from '../../../domain/export';
import { costedFills, costKinds, totalCosts } from '../../../domain/export/costs';
import { closedTrades, grossOf } from '../../../domain/export/trades';
import { settlementOf } from '../../../domain/ledger/settlement';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise, shares, sideSign, type Side } from '../../../domain/units';

const [friday, monday] = ['2026-11-20', '2026-11-23'];

const fill = (rest: Partial<ExportedFill> & { at?: ExportedFill['at'] }): ExportedFill => ({
  tradeId: '1',
  orderId: 'entry',
  intentId: 'R1',
  tradingsymbol: 'INFY',
  product: 'MIS',
  side: 'BUY',
  quantity: shares(10),
  price: paise(150_000),
  at: istInstant(friday, '10:00'),
  byBroker: false,
  session: friday,
  openedIn: friday,
  ...rest,
});

/** The costs of the fills as the ledger books them when they are settled. */
function booked(fills: readonly ExportedFill[]): readonly BookedCost[] {
  const [first] = fills;
  if (first === undefined) return [];
  const terms = { product: first.product, date: first.openedIn };
  const { byOrder, depositoryOrders } = settlementOf(fills, terms);
  const sessionOf = (orderId: string): string =>
    fills.find((one) => one.orderId === orderId)?.session ?? '';
  const ofOrders = [...byOrder].flatMap(([orderId, charges]) =>
    costKinds.flatMap((kind): BookedCost[] =>
      kind === 'squareOff' || kind === 'depository'
        ? []
        : [{ session: sessionOf(orderId), kind, amount: charges[kind], of: { orderId } }],
    ),
  );
  return ofOrders.concat(
    depositoryOrders.map((orderId) => ({
      session: sessionOf(orderId),
      kind: 'depository',
      amount: paise(1_534),
      of: { soldStock: first.tradingsymbol },
    })),
  );
}

const exported = (fills: readonly ExportedFill[], from = friday): ReturnType<typeof exportOf> =>
  exportOf(
    {
      fills,
      booked: booked(fills),
      settled: new Set(fills.map(({ orderId }) => orderId)),
      ledger: [],
    },
    from,
  );

/** A row as an object by its header. */
function rowsOf(table: {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): readonly Readonly<Record<string, string>>[] {
  return table.rows.map((cells) => {
    expect(cells).toHaveLength(table.header.length);
    return Object.fromEntries(table.header.map((name, index) => [name, cells[index] ?? '']));
  });
}

describe('a round trip', () => {
  test('of a long and of a short has both sides, and its difference as speculative turnover', () => {
    const out = { orderId: 'exit', tradeId: '2', at: istInstant(friday, '11:30') };
    const long = [fill({}), fill({ ...out, side: 'SELL', price: paise(151_000) })];
    const short = [fill({ side: 'SELL' }), fill({ ...out, side: 'BUY', price: paise(151_000) })];
    expect(rowsOf(exported(long).trades)).toEqual([
      {
        date: friday,
        symbol: 'INFY',
        product: 'MIS',
        kind: 'intraday',
        direction: 'LONG',
        quantity: '10',
        entry_date: friday,
        entry_time: '10:00:00',
        entry_price: '1500.00',
        exit_date: friday,
        exit_time: '11:30:00',
        exit_price: '1510.00',
        buy_value: '15000.00',
        sell_value: '15100.00',
        gross_pnl: '100.00',
        speculative_turnover: '100.00',
        brokerage: '9.03',
        stt: '3.78',
        exchange_charges: '0.92',
        sebi_charges: '0.04',
        stamp_duty: '0.45',
        gst: '1.80',
        square_off_fee: '0.00',
        depository_fee: '0.00',
        charges: '16.02',
        net_pnl: '83.98',
        intent: 'R1',
      },
    ]);
    expect(rowsOf(exported(short).trades)).toMatchObject([
      {
        direction: 'SHORT',
        buy_value: '15100.00',
        sell_value: '15000.00',
        gross_pnl: '-100.00',
        speculative_turnover: '100.00',
        entry_price: '1500.00',
        exit_price: '1510.00',
      },
    ]);
  });

  test('has every order with its own charges', () => {
    const fills = [
      fill({ quantity: shares(4) }),
      fill({ tradeId: '2', quantity: shares(6), price: paise(150_010) }),
      fill({ orderId: 'exit', side: 'SELL', at: istInstant(friday, '12:00') }),
    ];
    expect(rowsOf(exported(fills).charges)).toMatchObject([
      { order: 'entry', side: 'BUY', quantity: '10', average_price: '1500.06', stt: '0.00' },
      { order: 'exit', side: 'SELL', value: '15000.00', stamp_duty: '0.00', stt: '3.75' },
    ]);
  });
});

describe('shares held over the night', () => {
  const bought = fill({ product: 'CNC' });
  const sale = (rest: Partial<ExportedFill>): ExportedFill =>
    fill({
      ...{ product: 'CNC', orderId: 'exit', tradeId: '9', side: 'SELL' },
      ...{ session: monday, at: istInstant(monday, '10:00'), price: paise(152_000) },
      ...rest,
    });

  test('are a delivery with both dates, no speculative turnover and the depository’s fee', () => {
    expect(rowsOf(exported([bought, sale({})]).trades)).toMatchObject([
      {
        date: monday,
        kind: 'delivery',
        entry_date: friday,
        exit_date: monday,
        speculative_turnover: '',
        depository_fee: '15.34',
      },
    ]);
  });

  test('sold on two days are two trades, whose parts sum to the whole', () => {
    const first = sale({ quantity: shares(3), session: friday, at: istInstant(friday, '15:00') });
    const second = sale({ quantity: shares(7), orderId: 'exit2' });
    const rows = rowsOf(exported([bought, first, second]).trades);
    expect(rows).toMatchObject([
      { date: friday, kind: 'intraday', quantity: '3', buy_value: '4500.00' },
      { date: monday, kind: 'delivery', quantity: '7', buy_value: '10500.00' },
    ]);
  });

  test('bought before the span count where they are sold, and their purchase is no order of the span', () => {
    const { trades, charges } = exported([bought, sale({})], monday);
    expect(rowsOf(trades)).toMatchObject([{ entry_date: friday, exit_date: monday }]);
    expect(rowsOf(charges)).toMatchObject([{ order: 'exit' }]);
  });

  test('and still held are in the charges alone', () => {
    const { trades, charges } = exported([bought]);
    expect([trades.rows.length, charges.rows.length]).toEqual([0, 1]);
  });
});

test('a position with an order whose charges are not booked is left out and named', () => {
  const fills = [fill({}), fill({ intentId: 'R2', orderId: 'running', tradeId: '5' })];
  const { charges, unsettled } = exportOf(
    { fills, booked: booked(fills.slice(0, 1)), settled: new Set(['entry']), ledger: [] },
    friday,
  );
  expect(unsettled).toEqual(['R2']);
  expect(rowsOf(charges)).toHaveLength(1);
});

test('the ledger has a debit or a credit in every row', () => {
  const row = { date: friday, transaction: 't', what: 'w', account: 'cash' };
  const ledger = [
    { ...row, amount: paise(12_345) },
    { ...row, amount: paise(-5) },
  ];
  const table = exportOf({ fills: [], booked: [], settled: new Set(), ledger }, friday).ledger;
  expect(rowsOf(table)).toMatchObject([
    { debit: '123.45', credit: '' },
    { debit: '', credit: '0.05' },
  ]);
});

describe('whatever was traded', () => {
  const trade = fc.record({
    side: fc.constantFrom<Side>('BUY', 'SELL'),
    quantity: fc.integer({ min: 1, max: 400 }),
    price: fc.integer({ min: 1_000, max: 2_000_000 }),
    order: fc.integer({ min: 0, max: 3 }),
    isLater: fc.boolean(),
  });
  type Trade = typeof trade extends fc.Arbitrary<infer T> ? T : never;

  const fillsOf = (trades: readonly Trade[], product: 'MIS' | 'CNC'): readonly ExportedFill[] =>
    trades.map(({ side, quantity, price, order, isLater }, index) => {
      const session = isLater && product === 'CNC' ? monday : friday;
      return fill({
        ...{ tradeId: String(index), orderId: `${side}${order}${session}`, side, product, session },
        ...{ quantity: shares(quantity), price: paise(price) },
        at: epochMs(istInstant(session, '10:00') + index * 1_000),
      });
    });
  /** One more trade that leaves nothing open. */
  const flat = (fills: readonly ExportedFill[]): readonly ExportedFill[] => {
    const net = fills.reduce((sum, one) => sum + sideSign(one.side) * one.quantity, 0);
    if (net === 0) return fills;
    const last = Math.max(...fills.map(({ at }) => at));
    const session = fills.some((one) => one.session === monday) ? monday : friday;
    return [
      ...fills,
      fill({
        ...{ tradeId: 'last', orderId: 'last', side: net > 0 ? 'SELL' : 'BUY', session },
        ...{ quantity: shares(Math.abs(net)), at: epochMs(last + 1), product: fills[0]?.product },
      } as Partial<ExportedFill>),
    ];
  };

  test.each(['MIS', 'CNC'] as const)('%s: profit and costs sum to the paisa', (product) => {
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 12 }), (trades) => {
        const fills = flat(fillsOf(trades, product));
        const costs = booked(fills);
        const closed = closedTrades(costedFills(fills, costs));
        const flow = fills.reduce(
          (sum, one) => sum - sideSign(one.side) * one.quantity * one.price,
          0,
        );
        expect(closed.reduce((sum, one) => sum + grossOf(one), 0)).toBe(flow);
        const booking = costs.reduce((sum, { amount }) => sum + amount, 0);
        expect(closed.reduce((sum, one) => sum + totalCosts(one.costs), 0)).toBe(booking);
        expect(closed.every((one) => Object.values(one.costs).every((part) => part >= 0))).toBe(
          true,
        );
        const bought = fills.filter(({ side }) => side === 'BUY');
        expect(closed.reduce((sum, one) => sum + one.quantity, 0)).toBe(
          bought.reduce((sum, one) => sum + one.quantity, 0),
        );
      }),
    );
  });
});
