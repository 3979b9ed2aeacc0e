// Goal: an order that cannot be meant is named for what is wrong with it, and what risk may approve never is.
// Method: a table of wrong orders; a property over all that the configuration allows.
import fc from 'fast-check';
import { brokerCapabilities } from '../../../broker';
import { whyUnsendable } from '../../../domain/orders/bounds';
import type { OrderRequest } from '../../../domain/orders/order';
import { riskLimitsSchema } from '../../../domain/risk';
import { paise, shares, type Paise, type Shares } from '../../../domain/units';

const { tag: tagForm } = brokerCapabilities;
const price = paise(1_500_00);
const order: OrderRequest = {
  tag: 'R261125A1TB2',
  tradingsymbol: 'M&M',
  side: 'BUY',
  product: 'MIS',
  quantity: shares(10),
  pricing: { kind: 'LIMIT', price },
};
const nan = Number.NaN as Paise & Shares;
const leg = { trigger: price, price };

test.each<readonly [string, Partial<OrderRequest>, string]>([
  ['no shares', { quantity: shares(0) }, 'the quantity is 0'],
  ['fewer than none', { quantity: shares(-10) }, 'the quantity is -10'],
  ['part of a share', { quantity: 1.5 as Shares }, 'the quantity is 1.5'],
  ['not a number of shares', { quantity: nan }, 'the quantity is NaN'],
  ['too many shares', { quantity: shares(1_000_001) }, 'the quantity is 1000001'],
  ['no price', { pricing: { kind: 'LIMIT', price: paise(0) } }, 'a price is 0 paise'],
  ['a price below none', { pricing: { kind: 'LIMIT', price: paise(-5) } }, 'a price is -5 paise'],
  ['no trigger', { pricing: { kind: 'SL', price, trigger: nan } }, 'a price is NaN paise'],
  [
    'a target beyond any price',
    { pricing: { kind: 'OCO', ...leg, ltp: price, target: { ...leg, price: paise(1e9) } } },
    'a price is 1000000000 paise',
  ],
  [
    'more than any order is worth',
    { quantity: shares(1_000_000), pricing: { kind: 'LIMIT', price: paise(1_000_01) } },
    'the order is worth ₹1,00,00,10,000.00',
  ],
  ['no stock', { tradingsymbol: '' }, '"" is no tradingsymbol'],
  ['a path for a stock', { tradingsymbol: '../INFY' }, '"../INFY" is no tradingsymbol'],
  ['no tag', { tag: '' }, '"" is no tag'],
  ['a tag with a line break', { tag: 'R1\nR2' }, 'is no tag'],
  ['a tag that would be cut', { tag: 'R'.repeat(21) }, 'is no tag'],
])('%s', (_, wrong, said) => {
  expect(whyUnsendable(order, tagForm)).toBeNull();
  expect(whyUnsendable({ ...order, ...wrong }, tagForm)).toContain(said);
});

test('property: no exit of what risk may approve meets a bound, wherever the price has gone', () => {
  // The defaults are the most that can be configured.
  const { orderQuantityMax, orderValueMax } = riskLimitsSchema.parse({});
  const entries = fc.integer({ min: 1, max: orderQuantityMax }).chain((quantity) =>
    fc.record({
      quantity: fc.constant(shares(quantity)),
      entry: fc.integer({
        min: 5,
        max: Math.floor(Math.min(3_00_000_00, orderValueMax / quantity)),
      }),
      moved: fc.double({ min: 0.5, max: 3, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(entries, ({ quantity, entry, moved }) => {
      const exit = paise(Math.max(1, Math.round(entry * moved)));
      const pricing = { kind: 'SL', trigger: exit, price: exit } as const;
      expect(whyUnsendable({ ...order, quantity, side: 'SELL', pricing }, tagForm)).toBeNull();
    }),
  );
});
