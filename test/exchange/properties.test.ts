// Over any sequence of orders: quantity and cash are conserved, no fill is outside the traded range or
// the band, the journal rebuilds the books, and one seed with the same requests is the same journal.
import * as fc from 'fast-check';
import { istInstant } from '../../domain/session/sessionClock';
import { netQuantityOf } from '../../exchange/engine/account';
import type { Exchange } from '../../exchange/engine/exchange';
import type { JournalLine } from '../../exchange/engine/journal';
import { accountFromJournal } from './accountFromJournal';
import { anySteps, endOfDay, play, stepsIn } from './orderSequences';
import { date } from './support';

describe('paper exchange: properties over any order sequence', () => {
  test('quantity and cash are conserved, fills are inside range and band, the journal tells the books', () => {
    let fills = 0;
    let conversions = 0;
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { exchange, journal } = play(steps, endOfDay);
        fills += exchange.account.fills.length;
        checkQuantities(exchange, journal);
        conversions += journal.filter(({ kind }) => kind === 'convert').length;
        checkCash(exchange);
        checkPrices(exchange);
        const rebuilt = accountFromJournal(journal, (symbol) => exchange.tape(symbol).listing);
        expect(rebuilt.books()).toEqual(exchange.account.books());
      }),
      { numRuns: 40, seed: 20_261_123 },
    );
    expect(fills).toBeGreaterThan(100);
    expect(conversions).toBeGreaterThan(3);
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

function checkQuantities({ desk, account }: Exchange, journal: readonly JournalLine[]): void {
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
  for (const line of journal.filter(({ kind }) => kind === 'convert')) {
    for (const [product, sign] of [[line['from'], -1] as const, [line['to'], 1] as const]) {
      const key = `${String(line['tradingsymbol'])}/${String(product)}`;
      net.set(key, (net.get(key) ?? 0) + sign * Number(line['quantity']));
    }
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
