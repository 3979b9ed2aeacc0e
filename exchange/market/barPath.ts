// Turns a minute bar into trades: the first at the open, then both extremes, the last at the close, with the
// bar's volume split over them. Candles built from these ticks equal the bars they came from.
import { roundToTick } from '../../domain/market/instrument';
import type { Candle } from '../../domain/market/candle';
import { epochMs, paise, shares, type Paise } from '../../domain/units';
import type { Chance } from './chance';
import type { Tick } from './source';

const minuteMs = 60_000;

/** The trades of one bar, in order of time. Draws from `chance` only. */
export function ticksOfBar(
  bar: Candle,
  token: number,
  tickSize: Paise,
  chance: Chance,
): readonly Tick[] {
  const prices = pathPrices(bar, tickSize, chance);
  const instants = spreadInstants(prices.length, chance);
  const quantities = splitVolume(bar.volume, prices.length, chance);
  return prices.map((price, index) => ({
    at: epochMs(bar.at + (instants[index] ?? 0)),
    token,
    price,
    quantity: shares(quantities[index] ?? 0),
    rangeLow: bar.low,
    rangeHigh: bar.high,
  }));
}

/** Open, the extremes in the order the bar's direction suggests, close, and 2-6 prices between. */
function pathPrices(bar: Candle, tickSize: Paise, chance: Chance): readonly Paise[] {
  const extremes = bar.close >= bar.open ? [bar.low, bar.high] : [bar.high, bar.low];
  const corners = [bar.open, ...extremes, bar.close].filter(
    (price, index, all) => index === 0 || price !== all[index - 1],
  );
  const busy = bar.volume >= 40 || bar.volume === 0;
  const wanted = busy ? chance.whole(6, 10) : Math.max(corners.length, Math.min(3, bar.volume));
  const path: Paise[] = [];
  corners.forEach((corner, index) => {
    path.push(corner);
    const next = corners[index + 1];
    if (next === undefined) return;
    const extra = Math.round((wanted - corners.length) / Math.max(1, corners.length - 1));
    for (let step = 1; step <= extra; step += 1) {
      path.push(between(corner, next, step / (extra + 1), { bar, tickSize, chance }));
    }
  });
  return path.length === 1 && busy ? [bar.open, bar.open, bar.close] : path;
}

interface Grid {
  readonly bar: Candle;
  readonly tickSize: Paise;
  readonly chance: Chance;
}

function between(from: Paise, to: Paise, share: number, grid: Grid): Paise {
  const { bar, tickSize, chance } = grid;
  const wobble = (chance.unit() - 0.5) * Math.abs(to - from) * 0.6;
  const price = roundToTick(from + (to - from) * share + wobble, tickSize, 'nearest');
  return paise(Math.min(bar.high, Math.max(bar.low, price)));
}

/** Increasing offsets into the minute; the first is within the first seconds. */
function spreadInstants(count: number, chance: Chance): readonly number[] {
  const slot = minuteMs / count;
  return Array.from({ length: count }, (_, index) =>
    Math.floor((index + chance.unit() * 0.9) * slot),
  );
}

/** Whole parts that sum to the volume. */
function splitVolume(volume: number, count: number, chance: Chance): readonly number[] {
  const weights = Array.from({ length: count }, () => 0.2 + chance.unit());
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const parts = weights.map((weight) => Math.floor((volume * weight) / sum));
  const rest = volume - parts.reduce((total, part) => total + part, 0);
  return parts.map((part, index) => (index < rest ? part + 1 : part));
}
