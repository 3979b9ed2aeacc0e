// How long one bar of 50 stocks takes: all agents, coordination, decision and features, from snapshots an
// engine already has, and from scratch with 375 minutes of candles each. Prints medians of 30 rounds.
import { performance } from 'node:perf_hooks';
import {
  analyseBars,
  analyseStock,
  decide,
  defaultDecisionConfig as config,
  rankCandidates,
  signalFeatures,
} from '../domain/decision';
import { snapshots } from '../test/support/snapshots';
import type { Candle } from '../domain/market/candle';
import { neutralSentiment } from '../domain/sentiment/view';
import { istInstant } from '../domain/session/sessionClock';
import { epochMs, paise, shares } from '../domain/units';

const stocks = 50;
const open = istInstant('2021-04-15', '09:15');

/** A repeatable walk; every stock its own. */
function candlesOf(stock: number): Candle[] {
  let price = 100_000 + stock * 1000;
  return Array.from({ length: 375 }, (_, minute) => {
    const step = Math.round(
      120 * Math.sin(minute * 0.13 + stock) + 60 * Math.sin(minute * 2.1 + stock),
    );
    const from = price;
    price += step;
    return {
      at: epochMs(open + minute * 60_000),
      open: paise(from),
      high: paise(Math.max(from, price) + 30),
      low: paise(Math.min(from, price) - 30),
      close: paise(price),
      volume: shares(1000 + ((minute * 37) % 900)),
    };
  });
}

function median(name: string, rounds: number, work: () => number): void {
  const times: number[] = [];
  let checksum = 0;
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    checksum += work();
    times.push(performance.now() - began);
  }
  const middle = times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  console.log(`${name}: ${middle.toFixed(2)} ms (checksum ${checksum})`);
}

const sentiment = neutralSentiment(open);
const barEnd = epochMs(open + 375 * 60_000);
const candles = Array.from({ length: stocks }, (_, stock) => candlesOf(stock));
const bars = candles.map((series) => snapshots(series, { barMinutes: config.barMinutes }));
const judge = (analysis: ReturnType<typeof analyseBars>): ReturnType<typeof decide> => {
  const features = signalFeatures(analysis.snapshot, analysis.recent, 'LONG');
  return decide({
    analysis,
    sentiment,
    probabilityLong: features[0] === undefined ? null : 0.5,
    probabilityShort: 0.5,
    config,
  });
};
const named = (stock: number): { instrument: { tradingsymbol: string } } => ({
  instrument: { tradingsymbol: `S${stock}` },
});

median(
  '50 stocks, one bar, agents + decision + features',
  30,
  () =>
    rankCandidates(
      bars.map((series, stock) =>
        judge(analyseBars(series, { ...named(stock), sentiment, config })),
      ),
    ).length,
);
median(
  '50 stocks, one bar, from 375 candles each',
  10,
  () =>
    rankCandidates(
      candles.map((series, stock) =>
        judge(analyseStock({ ...named(stock), candles: series, barEnd, sentiment, config })),
      ),
    ).length,
);
