// Over any sequence of orders: quantity and cash are conserved, no fill is outside the traded range or
// the band, the journal rebuilds the books, and one seed with the same requests is the same journal.
import * as fc from 'fast-check';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise, shares, type EpochMs } from '../../../domain/units';
import { netQuantityOf } from '../../../infra/paper-exchange/engine/account';
import { Exchange } from '../../../infra/paper-exchange/engine/exchange';
import { booksFromJournal, type JournalLine } from '../../../infra/paper-exchange/engine/journal';
import { KiteError } from '../../../infra/paper-exchange/engine/kiteError';
import type { OrderTerms, OrderType } from '../../../infra/paper-exchange/engine/order';
import { FaultBox } from '../../../infra/paper-exchange/faults/faultBox';
import { generatedMarket } from '../../../infra/paper-exchange/market/generated';
import { date } from './support';

const symbols = ['RELIANCE', 'TATASTEEL', 'VGUARD', 'CERA'];

type Step =
  | {
      readonly kind: 'place';
      readonly symbol: string;
      readonly side: 'BUY' | 'SELL';
      readonly type: OrderType;
      readonly quantity: number;
      readonly ticksAway: number;
      readonly product: 'MIS' | 'CNC';
      readonly ioc: boolean;
    }
  | {
      readonly kind: 'modify';
      readonly index: number;
      readonly ticksAway: number;
      readonly quantity: number;
    }
  | { readonly kind: 'cancel'; readonly index: number }
  | { readonly kind: 'wait'; readonly ms: number };

const anyStepIn = (traded: readonly string[]): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('place' as const),
      symbol: fc.constantFrom(...traded),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      type: fc.constantFrom<OrderType>('MARKET', 'LIMIT', 'SL', 'SL-M'),
      quantity: fc.integer({ min: 1, max: 3_000 }),
      ticksAway: fc.integer({ min: -8, max: 8 }),
      product: fc.constantFrom('MIS' as const, 'MIS' as const, 'CNC' as const),
      ioc: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('modify' as const),
      index: fc.nat(30),
      ticksAway: fc.integer({ min: -8, max: 8 }),
      quantity: fc.integer({ min: 1, max: 3_000 }),
    }),
    fc.record({ kind: fc.constant('cancel' as const), index: fc.nat(30) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 300_000 }) }),
  );

interface Run {
  readonly exchange: Exchange;
  readonly journal: JournalLine[];
}

function play(steps: readonly Step[], until: EpochMs): Run {
  const journal: JournalLine[] = [];
  const exchange = new Exchange({
    date,
    seed: 5,
    source: generatedMarket(date, 5, symbols),
    openingCash: paise(5_000_000_00),
    startAt: istInstant(date, '09:20'),
    journal: (line) => journal.push(line),
    faults: new FaultBox(5),
  });
  exchange.advanceTo(istInstant(date, '09:20'));
  for (const step of steps) {
    try {
      take(exchange, step);
    } catch (error) {
      if (!(error instanceof KiteError)) throw error;
    }
  }
  exchange.advanceTo(until);
  return { exchange, journal };
}

function take(exchange: Exchange, step: Step): void {
  const target = (index: number) =>
    exchange.desk.all()[index % Math.max(1, exchange.desk.all().length)];
  switch (step.kind) {
    case 'wait': {
      exchange.advanceTo(epochMs(exchange.now + step.ms));
      return;
    }
    case 'cancel':
      exchange.cancel(target(step.index)?.orderId ?? 'none');
      return;
    case 'modify': {
      const order = target(step.index);
      const { lastPrice, listing } = exchange.tape(order?.listing.tradingsymbol ?? 'CERA');
      const price = paise(lastPrice + step.ticksAway * listing.tickSize);
      exchange.modify(order?.orderId ?? 'none', { price, quantity: shares(step.quantity) });
      return;
    }
    case 'place':
      exchange.place(termsOf(exchange, step));
  }
}

function termsOf(exchange: Exchange, step: Extract<Step, { kind: 'place' }>): OrderTerms {
  const { lastPrice, listing } = exchange.tape(step.symbol);
  const away = (ticks: number) => paise(lastPrice + ticks * listing.tickSize);
  const sign = step.side === 'BUY' ? 1 : -1;
  const isStop = step.type === 'SL' || step.type === 'SL-M';
  const distance = Math.abs(step.ticksAway) + 1;
  return {
    variety: 'regular',
    tradingsymbol: step.symbol,
    side: step.side,
    product: step.product,
    orderType: step.type,
    quantity: shares(step.quantity),
    price:
      step.type === 'LIMIT'
        ? away(step.ticksAway)
        : step.type === 'SL'
          ? away(sign * (distance + 3))
          : paise(0),
    triggerPrice: isStop ? away(sign * distance) : paise(0),
    disclosedQuantity: shares(0),
    validity: step.ioc ? 'IOC' : 'DAY',
    validityTtl: 0,
    marketProtection: -1,
    tag: null,
    icebergLegs: 0,
  };
}

const stepsIn = (traded: readonly string[]) =>
  fc.array(anyStepIn(traded), { minLength: 5, maxLength: 60 });
const anySteps = stepsIn(symbols);
const endOfDay = istInstant(date, '15:40');

describe('paper exchange: properties over any order sequence', () => {
  test('quantity and cash are conserved, fills are inside range and band, the journal tells the books', () => {
    let fills = 0;
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { exchange, journal } = play(steps, endOfDay);
        fills += exchange.account.fills.length;
        checkQuantities(exchange);
        checkCash(exchange);
        checkPrices(exchange);
        const rebuilt = booksFromJournal(journal, (symbol) => exchange.tape(symbol).listing);
        expect(rebuilt).toEqual(exchange.account.books());
      }),
      { numRuns: 40, seed: 20_261_123 },
    );
    expect(fills).toBeGreaterThan(100);
  });

  test('at the end of the day liquid stocks leave no intraday position and no live order', () => {
    fc.assert(
      fc.property(stepsIn(['RELIANCE', 'TATASTEEL']), (steps) => {
        const { exchange } = play(steps, endOfDay);
        expect(exchange.desk.allLive()).toEqual([]);
        const open = exchange.account.positions().filter((one) => netQuantityOf(one) !== 0);
        expect(open.filter(({ product }) => product === 'MIS')).toEqual([]);
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  test('one seed and the same requests give the same journal, byte for byte', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const [first, second] = [play(steps, endOfDay), play(steps, endOfDay)];
        expect(JSON.stringify(first.journal)).toBe(JSON.stringify(second.journal));
      }),
      { numRuns: 8, seed: 11 },
    );
  });
});

function checkQuantities({ desk, account }: Exchange): void {
  const traded = new Map<string, number>();
  for (const fill of account.fills) {
    traded.set(fill.orderId, (traded.get(fill.orderId) ?? 0) + fill.quantity);
  }
  for (const order of desk.all()) {
    const filled = traded.get(order.orderId) ?? 0;
    expect(order.filledQuantity).toBe(filled);
    const rest = order.quantity - order.filledQuantity - order.cancelledQuantity;
    expect(rest).toBe(order.status === 'REJECTED' ? order.quantity : 0);
  }
  const net = new Map<string, number>();
  for (const { listing, product, side, quantity } of account.fills) {
    const key = `${listing.tradingsymbol}/${product}`;
    net.set(key, (net.get(key) ?? 0) + (side === 'BUY' ? 1 : -1) * quantity);
  }
  for (const position of account.positions()) {
    const key = `${position.listing.tradingsymbol}/${position.product}`;
    expect(netQuantityOf(position)).toBe(net.get(key));
  }
}

function checkCash({ account }: Exchange): void {
  const flow = account.fills.reduce(
    (sum, { side, quantity, price }) => sum + (side === 'SELL' ? 1 : -1) * quantity * price,
    0,
  );
  const { openingCash, cash, charges, fees, realisedPnl } = account.books();
  expect(cash).toBe(openingCash + flow - charges - fees);
  const openCost = account
    .positions()
    .reduce((sum, one) => sum + one.buyValue - one.sellValue + one.realised, 0);
  expect(cash + openCost).toBe(openingCash + realisedPnl - charges - fees);
}

/** Inside the range of the minute that traded last, and inside the band. */
function checkPrices(exchange: Exchange): void {
  for (const { listing, price, at } of exchange.account.fills) {
    const { candles, band } = exchange.tapeByToken(listing.instrumentToken);
    const minute = candles.filter((candle) => candle.at <= at).at(-1);
    const inAuction = at >= istInstant(date, '15:15') && listing.closingAuction;
    const before = candles.filter((candle) => candle.at <= at).at(-2);
    const inside = [minute, before].some(
      (candle) => candle !== undefined && price >= candle.low && price <= candle.high,
    );
    expect(inside || inAuction).toBe(true);
    expect(price).toBeGreaterThanOrEqual(band.lower);
    expect(price).toBeLessThanOrEqual(band.upper);
  }
}
