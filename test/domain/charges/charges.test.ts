import * as fc from 'fast-check';
import { addCharges, chargesForOrder, nseRateCards, rateCardOn } from '../../../domain/charges';
import { paise, type Product, type Side } from '../../../domain/units';

const order = (side: Side, rupees: number, product: Product = 'MIS', date = '2026-11-23') =>
  chargesForOrder({ side, product, date, turnover: paise(rupees * 100) });

describe('charges', () => {
  test('₹1,00,000 bought and sold intraday cost ₹82.68, item by item as the contract note', () => {
    const trip = addCharges(order('BUY', 100_000), order('SELL', 100_000));
    expect(trip).toEqual({
      brokerage: 4_000,
      stt: 2_500,
      exchange: 614,
      sebi: 20,
      stamp: 300,
      gst: 834,
      total: 8_268,
    });
  });

  test('a ₹20,000 round trip pays 0.03 % brokerage and ₹21.24 in all', () => {
    const trip = addCharges(order('BUY', 20_000), order('SELL', 20_000));
    expect(trip.brokerage).toBe(1_200);
    expect(trip.total).toBe(2_124);
  });

  test('delivery pays no brokerage, STT on both sides and five times the stamp duty', () => {
    expect(order('BUY', 100_000, 'CNC')).toMatchObject({ brokerage: 0, stt: 10_000, stamp: 1_500 });
    expect(order('SELL', 100_000, 'CNC')).toMatchObject({ brokerage: 0, stt: 10_000, stamp: 0 });
  });

  test('an order of 2021 pays the exchange rate of 2021', () => {
    expect(order('BUY', 100_000, 'MIS', '2021-04-15').exchange).toBe(345);
  });

  test('an overriding card replaces the rates', () => {
    const free = { ...rateCardOn('2026-11-23'), exchangeTurnover: 0, sebiTurnover: 0, gst: 0 };
    const charged = chargesForOrder(
      { side: 'BUY', product: 'CNC', date: '2026-11-23', turnover: paise(10_000_000) },
      [free],
    );
    expect(charged.total).toBe(charged.stt + charged.stamp);
  });

  test('a date before the first card is refused by name', () => {
    expect(() => order('BUY', 1, 'MIS', '1999-01-01')).toThrow(/no rate card covers 1999-01-01/);
  });

  test('the cards are in order of their dates', () => {
    const dates = nseRateCards.map((card) => card.since);
    expect(dates).toEqual([...dates].sort());
  });

  test('the total is the sum of its parts, brokerage never passes ₹20, charges grow with turnover', () => {
    const anyOrder = fc.record({
      side: fc.constantFrom<Side>('BUY', 'SELL'),
      product: fc.constantFrom<Product>('MIS', 'CNC'),
      turnover: fc.integer({ min: 0, max: 10_000_000_000 }).map(paise),
    });
    fc.assert(
      fc.property(anyOrder, fc.integer({ min: 0, max: 1_000_000 }), (base, more) => {
        const small = chargesForOrder({ ...base, date: '2026-11-23' });
        const large = chargesForOrder({
          ...base,
          date: '2026-11-23',
          turnover: paise(base.turnover + more),
        });
        const { total, ...parts } = small;
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
        expect(small.brokerage).toBeLessThanOrEqual(2_000);
        expect(large.total).toBeGreaterThanOrEqual(small.total);
      }),
    );
  });
});
