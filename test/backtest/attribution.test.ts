// Goal: the shares of a backtest add up to its trades, the interval is that of the days, and a trade's record says what
// led to it and what the price did. Method: trades made by hand, and a generated day counted again.
import {
  attributed,
  attributions,
  grossBpsOf,
  grossInterval,
  habitsOf,
} from '../../backtest/attribution';
import { backtestDay } from '../../backtest';
import { recordDay } from '../../backtest/recordedDay';
import type { ReportedTrade } from '../../backtest/reportedTrade';
import { runningDays } from '../../backtest/running';
import { istInstant } from '../../domain/session/sessionClock';
import { paise, shares } from '../../domain/units';
import { loadConfig } from '../../infra/config/config';
import { chanceFor } from '../../exchange/market/chance';
import { date, smallMarket } from './smallDay';
import { noVoters } from '../../domain/strategy';

const trade = (gross: number, change: Partial<ReportedTrade> = {}): ReportedTrade => ({
  intentId: 'R1',
  tradingsymbol: 'INFY',
  direction: 'LONG',
  quantity: shares(10),
  entryPrice: paise(100_000),
  exitPrice: paise(100_000 + gross / 10),
  entryAt: istInstant('2026-11-20', '10:00'),
  exitAt: istInstant('2026-11-20', '10:30'),
  exitReason: 'stop',
  reason: '',
  grossPnl: paise(gross),
  charges: paise(100),
  netPnl: paise(gross - 100),
  stop: paise(99_000),
  target: paise(102_000),
  score: 0.5,
  probability: null,
  regime: 'ranging',
  votes: [
    { agent: 'trend', action: 'BUY', confidence: 0.5 },
    { agent: 'reversal', action: 'SELL', confidence: 0.2 },
  ],
  adverse: paise(0),
  favourable: paise(0),
  ...change,
});

test('each way of sharing out but the agents’ adds up to all trades; an agent has those it voted for', () => {
  const all = [
    trade(1_000),
    trade(-500, { direction: 'SHORT', tradingsymbol: 'TCS', exitReason: 'target' }),
    trade(300, { entryAt: istInstant('2026-11-23', '11:59'), regime: 'volatile' }),
  ];
  const shared = attributed(all);
  for (const attribution of attributions.filter((one) => one !== 'agent')) {
    const sum = shared[attribution].reduce((total, { netPnl }) => total + netPnl, 0);
    expect([attribution, sum]).toEqual([attribution, 500]);
  }
  expect(shared.agent.map(({ name, trades }) => [name, trades])).toEqual([
    ['reversal', 1],
    ['trend', 2],
  ]);
  expect(shared.hour.map(({ name }) => name)).toEqual(['10:00', '11:00']);
  expect(shared.weekday.map(({ name, trades }) => [name, trades])).toEqual([
    ['Friday', 2],
    ['Monday', 1],
  ]);
  expect(shared.regime.map(({ name, hitRate }) => [name, hitRate])).toEqual([
    ['ranging', 0.5],
    ['volatile', 1],
  ]);
});

test('basis points are of the value entered', () => {
  expect(grossBpsOf([trade(1_000), trade(1_000)])).toBeCloseTo(10);
  expect(grossBpsOf([])).toBe(0);
});

test('days alike leave no doubt, days apart do, four say nothing', () => {
  const { unit } = chanceFor(7, 'test');
  const alike = Array.from({ length: 8 }, () => [trade(1_000)]);
  expect(grossInterval(alike, unit)).toEqual({ mean: 10, low: 10, high: 10 });
  const apart = [...alike, ...Array.from({ length: 8 }, () => [trade(-1_000)])];
  const interval = grossInterval(apart, unit);
  expect(interval?.mean).toBeCloseTo(0);
  expect(interval?.low).toBeLessThan(-2);
  expect(interval?.high).toBeGreaterThan(2);
  expect(grossInterval(alike.slice(0, 4), unit)).toBeNull();
});

test('exposure is what was held at a time, of the capital', () => {
  const { exposure, turnover, chargesShare, holdingMinutes } = habitsOf(
    [[trade(1_000)]],
    2_000_000,
  );
  expect([exposure, turnover, chargesShare]).toEqual([0.5, 2_001_000, 0.1]);
  expect(holdingMinutes?.mean).toBe(30);
});

test('a generated day: every trade has its decision, its levels and the candles’ extremes', async () => {
  const seed = 11;
  const chosen = { date, stocks: 8, whole: 8 };
  const terms = {
    config: loadConfig(),
    model: null,
    voters: noVoters,
    cash: paise(100_000_000),
    seed,
    randomRuns: 3,
  };
  const outcome = await backtestDay(chosen, { ...terms, marketOf: () => smallMarket(seed) });
  const { candles } = recordDay(date, smallMarket(seed));
  const { tradeList, trades } = outcome.report;
  expect(tradeList).toHaveLength(trades);
  for (const one of tradeList) {
    const side = one.direction === 'LONG' ? 1 : -1;
    expect(side * one.score).toBeGreaterThan(0);
    expect(side * (one.entryPrice - one.stop)).toBeGreaterThan(0);
    expect(side * (one.target - one.entryPrice)).toBeGreaterThan(0);
    const wanted = one.direction === 'LONG' ? 'BUY' : 'SELL';
    expect(one.votes.some(({ action }) => action === wanted)).toBe(true);
    const minutes = (candles.get(one.tradingsymbol) ?? []).filter(
      ({ at }) => at + 60_000 > one.entryAt && at <= one.exitAt,
    );
    const reach = minutes.map(({ low, high }) => [
      side * (low - one.entryPrice),
      side * (high - one.entryPrice),
    ]);
    expect(one.favourable).toBe(
      Math.max(0, side * (one.exitPrice - one.entryPrice), ...reach.flat()),
    );
    expect(one.adverse).toBe(
      -Math.min(0, side * (one.exitPrice - one.entryPrice), ...reach.flat()) + 0,
    );
  }
  const [running] = runningDays([outcome]);
  expect(running).toMatchObject({ date, netPnl: outcome.report.netPnl });
  expect(running?.random?.mean).toBeCloseTo(outcome.report.random?.netPnl.mean ?? NaN);
});
