// Goal: a backtest decides what the live code decides, and its money is the exchange's. Method: a generated
// day is traded once. Its decisions are made again from scratch, its money is added up again with the
// simulation checker's own rates, and its limits are counted again with separate loops.
import { backtestDay, dayTerms, type BacktestTerms } from '../../backtest';
import { decidedEntries } from '../../backtest/entryPlan';
import { judgeDay } from '../../backtest/judgedDay';
import { randomEntries } from '../../backtest/randomEntries';
import { recordDay, type RecordedDay } from '../../backtest/recordedDay';
import { tradeDay, type TradedDay } from '../../backtest/tradedDay';
import { analyseStock, decide } from '../../domain/decision';
import { neutralSentiment } from '../../domain/sentiment/view';
import { addDays } from '../../domain/session/calendar';
import { nseCalendar as calendar } from '../../domain/session/nseCalendar';
import { istInstant } from '../../domain/session/sessionClock';
import { noVoters } from '../../domain/strategy';
import { paise } from '../../domain/units';
import { loadConfig } from '../../infra/config/config';
import { chanceFor } from '../../exchange/market/chance';
import type { TickFeed } from '../../exchange/market/source';
import { chargesOf } from '../simulation/rates';
import { date, smallMarket } from './smallDay';

const seed = 11;
const terms: BacktestTerms = {
  config: loadConfig(),
  model: null,
  voters: noVoters,
  cash: paise(100_000_000),
  seed,
  randomRuns: 3,
  marketOf: () => smallMarket(seed),
};
const chosen = { date, stocks: 8, whole: 8 };
const { decision: config, risk } = terms.config;
const recorded = recordDay(date, smallMarket(seed));
const day = dayTerms(recorded, terms);
const { stocks } = day;
const { plan } = day.entryDay;
const judging = judgeDay(recorded, {
  plan,
  stocks,
  config,
  calendar,
  model: null,
  voters: noVoters,
});
let traded: TradedDay;

beforeAll(async () => {
  traded = tradeDay(recorded, day, decidedEntries(await judging));
});

test('one seed is one backtest, to the byte; another seed is another', async () => {
  const once = JSON.stringify(await backtestDay(chosen, terms));
  expect(JSON.stringify(await backtestDay(chosen, terms))).toBe(once);
  const other = await backtestDay(chosen, { ...terms, seed: 12 });
  expect(JSON.stringify(other)).not.toBe(once);
});

test('the day has trades of both directions to judge it by', () => {
  const directions = new Set(traded.trades.map(({ direction }) => direction));
  expect([...directions].sort()).toEqual(['LONG', 'SHORT']);
  expect(traded.trades.length).toBeGreaterThan(5);
});

test('cash, charges and profit are those of the exchange, added up from its trades, to the paisa', () => {
  const flow = traded.fills.reduce(
    (sum, { side, quantity, price }) => sum + (side === 'SELL' ? 1 : -1) * quantity * price,
    0,
  );
  const turnovers = new Map<string, { side: string; turnover: number }>();
  for (const { orderId, side, quantity, price } of traded.fills) {
    const turnover = (turnovers.get(orderId)?.turnover ?? 0) + quantity * price;
    turnovers.set(orderId, { side, turnover });
  }
  const charges = [...turnovers.values()].reduce(
    (sum, { side, turnover }) => sum + chargesOf(side, turnover),
    0,
  );
  const sum = (of: 'grossPnl' | 'charges' | 'netPnl'): number =>
    traded.trades.reduce((total, trade) => total + trade[of], 0);
  expect(sum('grossPnl')).toBe(flow);
  expect(sum('charges')).toBe(charges);
  expect(sum('netPnl')).toBe(flow - charges);
  expect(traded.books.cash).toBe(terms.cash + flow - charges);
});

test('flat at the end, well before the broker squares off', () => {
  const held = new Map<string, number>();
  for (const { side, quantity, listing } of traded.fills) {
    const before = held.get(listing.tradingsymbol) ?? 0;
    held.set(listing.tradingsymbol, before + (side === 'BUY' ? quantity : 0 - quantity));
  }
  expect([...held.values()].filter((quantity) => quantity !== 0)).toEqual([]);
  expect(traded.books.fees).toBe(0);
});

test('at no entry is a limit exceeded', () => {
  const intents = new Map(traded.approved.map(({ intent }) => [intent.intentId, intent]));
  const power = terms.cash * risk.leverage;
  for (const { entryAt } of traded.trades) {
    const open = traded.trades.filter((one) => one.entryAt <= entryAt && one.exitAt > entryAt);
    const value = (direction: string): number =>
      open
        .filter((one) => one.direction === direction)
        .reduce((sum, one) => sum + one.quantity * one.entryPrice, 0);
    const atRisk = open.reduce(
      (sum, one) => sum + one.quantity * (intents.get(one.intentId)?.stopDistance ?? Infinity),
      0,
    );
    expect(open.length).toBeLessThanOrEqual(risk.openPositionsMax);
    expect(atRisk).toBeLessThanOrEqual((terms.cash * risk.openRiskBps) / 10_000);
    expect(value('LONG')).toBeLessThanOrEqual((power * risk.longExposureBps) / 10_000);
    expect(value('SHORT')).toBeLessThanOrEqual((power * risk.shortExposureBps) / 10_000);
  }
  for (const { intent } of traded.approved) {
    const same = traded.approved.filter(
      (other) => other.intent.instrument.tradingsymbol === intent.instrument.tradingsymbol,
    );
    expect(same.length).toBeLessThanOrEqual(risk.entriesPerStockMax);
    expect(intent.quantity * intent.stopDistance).toBeLessThanOrEqual(
      (terms.cash * risk.riskPerTradeBps) / 10_000,
    );
  }
});

test('a decision is what analysis and decision give for that bar from the stored candles', async () => {
  const { bars } = await judging;
  const [first] = recorded.history('SBIN');
  const from = istInstant(addDays(date, -3), '00:00');
  expect(first?.at).toBeLessThan(from);
  const some = bars.filter((_, index) => index % 9 === 0);
  const compared = some.flatMap(({ barEnd, judged }) =>
    judged.map((one) => {
      const { tradingsymbol } = one.decision;
      const today = recorded.candles.get(tradingsymbol) ?? [];
      const all = [...recorded.history(tradingsymbol).filter(({ at }) => at >= from), ...today];
      const candles = all.filter(({ at }) => at < barEnd);
      const sentiment = neutralSentiment(barEnd);
      const instrument = { tradingsymbol };
      const analysis = analyseStock({ instrument, candles, barEnd, sentiment, config });
      const none = { probabilityLong: null, probabilityShort: null };
      expect(one.decision).toEqual(decide({ analysis, sentiment, ...none, config }));
      expect(one.close).toBe(candles.at(-1)?.close);
      return one.decision.action;
    }),
  );
  expect(new Set(compared)).toEqual(new Set(['LONG', 'SHORT', 'SKIP']));
});

test('lots: never more entries than the strategy, its sizes, another draw another day', async () => {
  const judged = await judging;
  const drawn = (name: string): TradedDay => {
    const lots = randomEntries(judged, traded.sizeFactors, config, chanceFor(seed, name));
    return tradeDay(recorded, day, lots);
  };
  const [one, again, other] = [drawn('one'), drawn('one'), drawn('other')];
  expect(JSON.stringify(again.trades)).toBe(JSON.stringify(one.trades));
  expect(JSON.stringify(other.trades)).not.toBe(JSON.stringify(one.trades));
  expect(one.approved.length).toBeGreaterThan(0);
  for (const run of [one, other]) {
    expect(run.approved.length).toBeLessThanOrEqual(traded.approved.length);
    const left = [...traded.sizeFactors];
    for (const size of run.sizeFactors) left.splice(left.indexOf(size), 1);
    expect(left).toHaveLength(traded.sizeFactors.length - run.sizeFactors.length);
  }
});

/** The day with a feed that says nothing between two instants. */
function withSilence(first: number, last: number): RecordedDay {
  const source = smallMarket(seed);
  const { feed } = source;
  const skip = (): void => {
    for (let at = feed.nextAt(); at !== undefined && at >= first && at < last; at = feed.nextAt())
      feed.take();
  };
  const silent: TickFeed = {
    nextAt: () => {
      skip();
      return feed.nextAt();
    },
    take: () => feed.take(),
  };
  return recordDay(date, { ...source, feed: silent });
}

test('nothing is entered on bars after which the feed is silent', async () => {
  const barMs = config.barMinutes * 60_000;
  const entries = traded.trades.map(({ entryAt }) => entryAt).sort((a, b) => a - b);
  const entered = entries.find((at) => at >= istInstant(date, '10:00')) ?? 0;
  const from = entered - (entered % barMs);
  const to = from + 6 * barMs;
  const quiet = withSilence(from, to);
  const judged = await judgeDay(quiet, {
    plan,
    stocks,
    config,
    calendar,
    model: null,
    voters: noVoters,
  });
  const { staleBars, trades } = tradeDay(quiet, day, decidedEntries(judged));
  expect(entered).toBeGreaterThan(0);
  expect(traded.staleBars).toEqual([]);
  expect(staleBars).toEqual([0, 1, 2, 3, 4, 5].map((bar) => from + bar * barMs));
  expect(trades.filter(({ entryAt }) => entryAt >= from && entryAt < to)).toEqual([]);
});
