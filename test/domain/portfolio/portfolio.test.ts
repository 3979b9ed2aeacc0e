// Goal: the portfolio's money is the trades' money, to the paisa, for both directions. What is open is valued
// at the last price, less the cost of closing it.
import fc from 'fast-check';
import { chargesForOrder, depositoryFee } from '../../../domain/charges';
import { portfolioOf, type TradedPosition } from '../../../domain/portfolio';
import { epochMs, paise, shares, type Direction } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';

type Fill = TradedPosition['fills'][number];
const fillOf = (
  orderId: string,
  side: 'BUY' | 'SELL',
  quantity: number,
  price: number,
  at: number,
): Fill => ({
  tradeId: `${orderId}${at}`,
  orderId,
  side,
  at: epochMs(at),
  byBroker: false,
  quantity: shares(quantity),
  price: paise(price),
});

function positionOf(
  direction: Direction,
  fills: readonly Fill[],
  rest: Partial<TradedPosition> = {},
): TradedPosition {
  const { intent } = positionTerms({ direction, intentId: `R1${direction}` });
  const day = { session: intent.date, settlesOn: '2026-11-23' };
  return { intent, fills, ltp: paise(1_100), settled: false, ...day, ...rest };
}
const chargesOf = (side: 'BUY' | 'SELL', turnover: number): number =>
  chargesForOrder({ side, product: 'MIS', date: '2026-11-20', turnover: paise(turnover) }).total;

test('a long half closed: realised, open, charges so far and charges to come', () => {
  const fills = [fillOf('e', 'BUY', 10, 1_000, 1), fillOf('x', 'SELL', 4, 1_050, 2)];
  const { lines, exposure, exposureBySector, equity } = portfolioOf([positionOf('LONG', fills)]);
  const charges = chargesOf('BUY', 10_000) + chargesOf('SELL', 4_200);
  const chargesToClose = chargesOf('SELL', 6_600);
  expect(lines).toMatchObject([
    {
      held: 6,
      entryPrice: 1_000,
      exposure: 6_600,
      realised: 200,
      unrealised: 600,
      charges,
      chargesToClose,
      netPnl: 800 - charges - chargesToClose,
      settlement: { settlesOn: '2026-11-23', cashNeeded: 6_600, auctionLossWorst: 0 },
    },
  ]);
  expect(exposure).toEqual({ LONG: 6_600, SHORT: 0 });
  expect(exposureBySector).toEqual({ Test: 6_600 });
  expect(equity).toEqual([]);
});

test('a short gains when the price falls', () => {
  const fills = [fillOf('e', 'SELL', 10, 1_000, 1)];
  const { lines } = portfolioOf([positionOf('SHORT', fills, { ltp: paise(900) })]);
  expect(lines).toMatchObject([
    {
      held: 10,
      unrealised: 1_000,
      realised: 0,
      // 120 % of ₹90 blocked; 20 % and the penalty lost at worst.
      settlement: { settlesOn: '2026-11-23', cashNeeded: 10_800, auctionLossWorst: 1_806 },
    },
  ]);
});

test('without a price what is held is valued at its entry', () => {
  const fills = [fillOf('e', 'BUY', 10, 1_000, 1)];
  const { lines } = portfolioOf([positionOf('LONG', fills, { ltp: null })]);
  expect(lines).toMatchObject([{ unrealised: 0, exposure: 10_000 }]);
});

test('what is held from an earlier session costs the depository’s fee to close, once a session', () => {
  const { intent } = positionTerms({ direction: 'LONG', product: 'CNC' });
  const day = { session: '2026-11-23', settlesOn: '2026-11-25' };
  const held = { intent, ltp: paise(1_000), settled: false, ...day };
  const bought = fillOf('e', 'BUY', 10, 1_000, 1);
  const sold = fillOf('x', 'SELL', 4, 1_000, Date.parse('2026-11-23T10:00:00+05:30'));
  const cost = (side: 'BUY' | 'SELL', turnover: number): number =>
    chargesForOrder({ side, product: 'CNC', date: intent.date, turnover: paise(turnover) }).total;
  const [whole] = portfolioOf([{ ...held, fills: [bought] }]).lines;
  expect(whole?.chargesToClose).toBe(cost('SELL', 10_000) + depositoryFee);
  const [rest] = portfolioOf([{ ...held, fills: [bought, sold] }]).lines;
  expect(rest?.chargesToClose).toBe(cost('SELL', 6_000));
  expect(rest?.charges).toBe(cost('BUY', 10_000) + cost('SELL', 4_000) + depositoryFee);
});

const trade = fc.record({
  direction: fc.constantFrom<Direction>('LONG', 'SHORT'),
  quantity: fc.integer({ min: 1, max: 500 }),
  entry: fc.integer({ min: 100, max: 500_000 }),
  exit: fc.integer({ min: 100, max: 500_000 }),
});

test('property: of closed positions, profit is cash moved; the fall is between highest and a later point', () => {
  fc.assert(
    fc.property(fc.array(trade, { maxLength: 12 }), (trades) => {
      const positions = trades.map(({ direction, quantity, entry, exit }, index) => {
        const [first, last] =
          direction === 'LONG' ? (['BUY', 'SELL'] as const) : (['SELL', 'BUY'] as const);
        const fills = [
          fillOf(`e${index}`, first, quantity, entry, index * 2),
          fillOf(`x${index}`, last, quantity, exit, index * 2 + 1),
        ];
        return positionOf(direction, fills, { settled: true });
      });
      const { netPnl, cashMoved, equity, drawdown, exposure, unrealised } = portfolioOf(positions);
      expect(netPnl).toBe(cashMoved);
      expect(equity.at(-1)?.netPnl ?? 0).toBe(netPnl);
      expect([unrealised, exposure.LONG, exposure.SHORT]).toEqual([0, 0, 0]);
      const curve = [0, ...equity.map((point) => point.netPnl)];
      const falls = curve.flatMap((high, index) => curve.slice(index).map((low) => high - low));
      expect(drawdown).toBe(Math.max(...falls));
    }),
    { numRuns: 1_000 },
  );
});
