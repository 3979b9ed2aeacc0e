// Our own engines: read once, then run until a few seconds have passed; the fastest whole run counts, as for the peers.
import { performance } from 'node:perf_hooks';
import { backtestDay, BarMarket, chooseDays, dayTerms, type BacktestTerms } from '../../backtest';
import { barsDay, prepareDay, type PreparedDay } from '../../backtest/bars';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { noVoters } from '../../domain/strategy';
import { paise } from '../../domain/units';
import { candleSeries, type CandleSeries } from '../../exchange/market/candleFiles';
import { recordedMarkets } from '../../exchange/market/replay';
import { loadConfig } from '../../infra/config/config';

const config = loadConfig();
const given = { config, cash: paise(100_000_000), seed: 7 };
const by = { config: config.decision, model: null, voters: noVoters };

interface Recorded {
  readonly series: readonly CandleSeries[];
  readonly dates: readonly string[];
  readonly stockMinutes: number;
}

/** The latest ten whole days of the folder. */
function recorded(directory: string): Recorded {
  const dates = chooseDays(directory, { days: '10' }, nseCalendar).map(({ date }) => date);
  const series = [...candleSeries({ directory })];
  const wanted = new Set(dates);
  const stockMinutes = series
    .filter(({ isIndex }) => !isIndex)
    .flatMap(({ candles }) => candles)
    .filter(({ at }) => wanted.has(new Date(at + 19_800_000).toISOString().slice(0, 10))).length;
  return { series, dates, stockMinutes };
}

type Run = () => Promise<number>;

/** How each engine passes all days once; answers its trades. */
export const engines: Readonly<
  Record<string, { readonly simulates: string; open(recorded: Recorded, folder: string): Run }>
> = {
  'ratchet bars': {
    simulates:
      'five agents on all indicators, one portfolio, ranking, risk limits, margin, trailing stops, charges; fills from candles',
    open:
      ({ series, dates }) =>
      async () => {
        const market = new BarMarket(series, nseCalendar);
        let trades = 0;
        for (const date of dates) trades += await tradedOnce(prepared(market, date));
        return trades;
      },
  },
  'ratchet bars, another parameter set': {
    simulates: 'the same with another threshold: indicators and votes are kept',
    open: ({ series, dates }) => {
      const market = new BarMarket(series, nseCalendar);
      const days = dates.map((date) => prepared(market, date));
      return async () => {
        let trades = 0;
        for (const day of days) trades += await tradedOnce(day);
        return trades;
      };
    },
  },
  'ratchet exchange': {
    simulates:
      'the same against our exchange: order protocol, depth, latencies, about seven ticks a minute',
    open: ({ series, dates }, directory) => {
      const marketOf = recordedMarkets({ directory, seed: 7, series }, dates);
      const terms: BacktestTerms = {
        ...given,
        model: null,
        voters: noVoters,
        randomRuns: 0,
        marketOf,
      };
      return async () => {
        let trades = 0;
        for (const date of dates)
          trades += (await backtestDay({ date, stocks: 1, whole: 1 }, terms)).report.trades;
        return trades;
      };
    },
  },
};

function prepared(market: BarMarket, date: string): PreparedDay {
  const day = market.day(date);
  return prepareDay(day, dayTerms(day, given), config.decision);
}

async function tradedOnce(day: PreparedDay): Promise<number> {
  const { trade, plan } = await barsDay(day, by);
  return trade(plan).trades.length;
}

const leastMs = 8_000;

/** One line of the table. */
export async function measure(engine: string, folder: string): Promise<Record<string, unknown>> {
  const found = engines[engine];
  if (found === undefined)
    throw new Error(`--engine must be one of ${Object.keys(engines).join(', ')}`);
  const read = recorded(folder);
  const run = found.open(read, folder);
  let [fastest, trades] = [Infinity, 0];
  for (const began = performance.now(); performance.now() - began < leastMs;) {
    const from = performance.now();
    trades = await run();
    fastest = Math.min(fastest, performance.now() - from);
  }
  return {
    engine,
    barsPerSecond: Math.round((1_000 * read.stockMinutes) / fastest),
    days: read.dates.length,
    trades,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    simulates: found.simulates,
  };
}
