// Replays real minutes through the live indicators and agents. For every bar and side that at least one agent
// votes for, it writes the model's features and the outcome: target before stop, or not. Entry is the next
// minute's open. A minute that touches both counts as the stop; neither by 15:15 is a loss. Usage: node
// exportSignals.js MINUTE_DIR OUT.csv
import { createWriteStream } from 'node:fs';
import {
  analyseBars,
  defaultDecisionConfig,
  recentBars,
  signalFeatureNames,
  signalFeatures,
  type StockAnalysis,
} from '../domain/decision';
import { createIndicatorEngine, type IndicatorSnapshot } from '../domain/indicators';
import type { Candle } from '../domain/market/candle';
import { neutralSentiment } from '../domain/sentiment/view';
import { istDate, istTime } from '../domain/session/sessionClock';
import { directionSign, type Direction } from '../domain/units';
import { candleSeries } from '../exchange/market/candleFiles';

const config = defaultDecisionConfig;

/** 1 when the usual bracket's target is touched before its stop, 0 when not; null without an entry. */
function outcome(later: readonly Candle[], direction: Direction, range: number): 0 | 1 | null {
  const [first] = later;
  if (first === undefined) return null;
  const sign = directionSign(direction);
  const stopDistance = config.stopRanges.usual * range;
  const stop = first.open - sign * stopDistance;
  const target = first.open + sign * config.rewardToRisk * stopDistance;
  for (const candle of later) {
    if (istTime(candle.at) >= '15:15:00') return 0;
    const worst = sign > 0 ? candle.low : candle.high;
    const best = sign > 0 ? candle.high : candle.low;
    if (sign * (worst - stop) <= 0) return 0;
    if (sign * (best - target) >= 0) return 1;
  }
  return 0;
}

/** Minutes of the same session after the bar closed, up to the first gap in the recording. */
function minutesAfter(candles: readonly Candle[], index: number): Candle[] {
  const bar = candles[index];
  const later: Candle[] = [];
  let last = bar?.at ?? 0;
  for (let next = index + 1; next < candles.length; next += 1) {
    const candle = candles[next];
    if (candle === undefined || bar === undefined || istDate(candle.at) !== istDate(bar.at)) break;
    if (candle.at - last > 5 * 60_000) break;
    last = candle.at;
    later.push(candle);
  }
  return later;
}

const sidesOf = (analysis: StockAnalysis): Direction[] => {
  const acts = (action: string): boolean => analysis.votes.some((vote) => vote.action === action);
  return [...(acts('BUY') ? ['LONG' as const] : []), ...(acts('SELL') ? ['SHORT' as const] : [])];
};

function rowsOf(tradingsymbol: string, candles: readonly Candle[]): string[] {
  const engine = createIndicatorEngine({ barMinutes: config.barMinutes });
  const bars: IndicatorSnapshot[] = [];
  return candles.flatMap((candle, index) => {
    const [closed] = engine.update(candle).slice(-1);
    if (closed === undefined) return [];
    bars.push(closed);
    const time = istTime(candle.at);
    if (closed.atr14 === null || time < '09:30:00' || time >= '14:45:00') return [];
    const seen = bars.slice(-recentBars - 1);
    const sentiment = neutralSentiment(closed.barAt);
    const analysis = analyseBars(seen, { instrument: { tradingsymbol }, sentiment, config });
    const later = minutesAfter(candles, index);
    return sidesOf(analysis).flatMap((side) => {
      const label = outcome(later, side, closed.atr14 ?? 0);
      if (label === null) return [];
      const features = signalFeatures(closed, analysis.recent, side).map((value) =>
        value.toFixed(6),
      );
      return [[closed.session, tradingsymbol, side, label, ...features].join(',')];
    });
  });
}

const [folder, target] = process.argv.slice(2);
if (folder === undefined || target === undefined) {
  throw new Error('usage: node exportSignals.js MINUTE_DIR OUT.csv');
}
const out = createWriteStream(target);
out.write(`${['session', 'symbol', 'side', 'label', ...signalFeatureNames].join(',')}\n`);
for (const { name, isIndex, candles } of candleSeries({ directory: folder })) {
  if (isIndex) continue;
  out.write(
    rowsOf(name, candles)
      .map((row) => `${row}\n`)
      .join(''),
  );
}
out.end();
