// Goal: the same trade of both days is one pair, nearest first, with the sign a trader reads: + is better.
import { compareDays, type DayTrade } from '../../../domain/live/comparison';
import { istInstant } from '../../../domain/session/sessionClock';
import { paise, type Direction } from '../../../domain/units';

const trade = (
  tradingsymbol: string,
  time: string,
  entry: number,
  more: Partial<DayTrade> & { readonly exitAt?: number; readonly pnl?: number } = {},
): DayTrade => {
  const { exitAt = entry, pnl = 0, ...rest } = more;
  return {
    tradingsymbol,
    direction: 'LONG',
    quantity: 10,
    enteredAt: istInstant('2026-11-20', time),
    entryPrice: paise(entry),
    exit: { at: istInstant('2026-11-20', '15:00'), price: paise(exitAt), netPnl: paise(pnl) },
    ...rest,
  };
};

test.each<[Direction, number, number]>([
  ['LONG', 10, -5],
  ['SHORT', -10, 5],
])('a lower price is better for who buys it: %s', (direction, entryBps, exitBps) => {
  const shadow = [trade('INFY', '10:00:05', 99_900, { direction, exitAt: 99_950 })];
  const live = [trade('INFY', '10:00:08', 100_000, { direction, exitAt: 100_000 })];
  const { pairs, meanEntryBetterBps, meanExitBetterBps } = compareDays(shadow, live);
  expect(pairs).toMatchObject([{ entryBetterBps: entryBps, exitBetterBps: exitBps }]);
  expect([meanEntryBetterBps, meanExitBetterBps]).toEqual([entryBps, exitBps]);
});

test('what only one of the days traded stands alone; totals count everything', () => {
  const shadow = [
    trade('INFY', '10:00:05', 1_000, { pnl: 500 }),
    trade('TCS', '10:05:05', 2_000, { pnl: -200 }),
    trade('NTPC', '11:00:00', 3_000, { pnl: 70 }),
  ];
  const live = [
    trade('INFY', '10:00:05', 1_000, { pnl: 400, quantity: 8 }),
    trade('TCS', '10:05:05', 2_000, { direction: 'SHORT', pnl: 30 }),
    trade('NTPC', '11:05:01', 3_000, { pnl: 10 }),
  ];
  const compared = compareDays(shadow, live);
  expect(compared.pairs.map((pair) => pair.live.tradingsymbol)).toEqual(['INFY']);
  expect(compared.onlyShadow).toEqual(shadow.slice(1));
  expect(compared.onlyLive).toEqual(live.slice(1));
  expect(compared.shadow).toEqual({ trades: 3, shares: 30, netPnl: 370 });
  expect(compared.live).toEqual({ trades: 3, shares: 28, netPnl: 440 });
});

test('of two entries in one stock the nearest belong together, whatever their order', () => {
  const shadow = [trade('INFY', '10:04:00', 1_000), trade('INFY', '10:00:00', 1_000)];
  const live = [trade('INFY', '10:00:30', 1_000), trade('INFY', '10:04:10', 1_000)];
  const { pairs } = compareDays(shadow, live);
  expect(pairs.map((pair) => [pair.shadow, pair.live])).toEqual([
    [shadow[1], live[0]],
    [shadow[0], live[1]],
  ]);
});

test('what is held over the night has no exit to compare and earns nothing yet', () => {
  const { pairs, shadow } = compareDays(
    [trade('INFY', '10:00:00', 1_000, { exit: null })],
    [trade('INFY', '10:00:00', 1_000, { pnl: 5 })],
  );
  expect(pairs[0]?.exitBetterBps).toBeNull();
  expect(shadow.netPnl).toBe(0);
});

test('two days without a trade compare', () => {
  expect(compareDays([], [])).toMatchObject({ pairs: [], meanEntryBetterBps: null });
});
