// Goal: the fidelities `bars` and `exchange` make the same decisions of every recorded day. Their trades begin the same
// and part only after a fill or an exit has differed.
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  backtestDay,
  BarMarket,
  dayTerms,
  type BacktestTerms,
  type ReportedTrade,
} from '../../../backtest';
import { tradableBars } from '../../../backtest/bars';
import { judgeDay } from '../../../backtest/judgedDay';
import { recordDay } from '../../../backtest/recordedDay';
import { nseCalendar as calendar } from '../../../domain/session/nseCalendar';
import { noVoters } from '../../../domain/strategy';
import { paise } from '../../../domain/units';
import { candleSeries, type CandleSeries } from '../../../exchange/market/candleFiles';
import { recordedDates } from '../../../exchange/market/recordedDates';
import { recordedMarkets } from '../../../exchange/market/replay';
import { loadConfig } from '../../../infra/config/config';
import { sharedFolder, testOnSharedData } from '../../domain/sharedFiles';
import { comparedTrades, tradeKinds } from './comparedTrades';

const directory = join(sharedFolder, 'nse/minute/core');
const config = loadConfig();
const given = { config, cash: paise(100_000_000), seed: 7 };

interface Recorded {
  readonly series: readonly CandleSeries[];
  readonly dates: readonly string[];
  readonly terms: BacktestTerms;
}

function recorded(): Recorded {
  const series = [...candleSeries({ directory })];
  const dates = recordedDates(directory, calendar).map(({ date }) => date);
  const marketOf = recordedMarkets({ directory, seed: 7, series }, dates);
  return {
    series,
    dates,
    terms: { ...given, model: null, voters: noVoters, randomRuns: 0, marketOf },
  };
}

testOnSharedData(
  'every decision of every recorded day',
  async () => {
    const { series, dates, terms } = recorded();
    const market = new BarMarket(series, calendar);
    let decided = 0;
    for (const date of dates) {
      const day = recordDay(date, terms.marketOf(date));
      const { stocks, entryDay } = dayTerms(day, terms);
      const judged = await judgeDay(day, {
        plan: entryDay.plan,
        stocks,
        config: config.decision,
        calendar,
        model: null,
        voters: noVoters,
      });
      const bars = await tradableBars(market.day(date), terms);
      expect(bars.day.stocks).toEqual(stocks);
      expect(bars.judged.unjudged).toEqual(judged.unjudged);
      for (const [index, { barEnd, judged: expected }] of judged.bars.entries()) {
        const found = bars.judged.bars[index];
        expect(found?.barEnd).toBe(barEnd);
        const plain = (judged: typeof expected): unknown =>
          judged.map(({ decision, close }) => ({ decision: { ...decision }, close }));
        const [ours, theirs] = [plain(found?.judged ?? []), plain(expected)];
        if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs);
        decided += expected.length;
      }
    }
    expect(decided).toBeGreaterThan(40_000);
  },
  600_000,
);

const firstMinute = (trades: readonly ReportedTrade[]): number =>
  Math.floor(Math.min(...trades.map(({ entryAt }) => entryAt)) / 60_000);

testOnSharedData(
  'trades: most entries are the same, and a day’s first ones nearly always',
  async () => {
    const { series, dates, terms } = recorded();
    const market = new BarMarket(series, calendar);
    const barsOf = (date: string): ReturnType<BarMarket['day']> => market.day(date);
    const total = { sameExit: 0, otherExit: 0, exchangeOnly: 0, barsOnly: 0 };
    let sameFirst = 0;
    const some = dates.filter((_, index) => index % 12 === 0);
    for (const date of some) {
      const chosen = { date, stocks: 23, whole: 23 };
      const [exchange, bars] = await Promise.all([
        backtestDay(chosen, terms),
        backtestDay(chosen, { ...terms, barsOf }),
      ]);
      const [first, second] = [exchange.report.tradeList, bars.report.tradeList];
      const counts = comparedTrades(first, second);
      for (const kind of tradeKinds) total[kind] += counts[kind];
      if (firstMinute(first) === firstMinute(second)) sameFirst += 1;
      expect(bars.report.decisions).toEqual(exchange.report.decisions);
      expect(bars.report.agents).toEqual(exchange.report.agents);
    }
    const same = total.sameExit + total.otherExit;
    expect(same).toBeGreaterThan(2 * total.exchangeOnly);
    expect(total.sameExit).toBeGreaterThan(4 * total.otherExit);
    expect(sameFirst).toBe(some.length);
  },
  600_000,
);
