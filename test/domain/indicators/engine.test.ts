import fc from 'fast-check';
import { createIndicatorEngine, mirrorSnapshot } from '../../../domain/indicators';
import { snapshots } from '../../support/snapshots';
import { rsiDivergence } from '../../../domain/indicators/divergence';
import type { IndicatorSnapshot } from '../../../domain/indicators';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, type Paise, type Shares } from '../../../domain/units';
import { candleAt, reflected, walk } from '../candles';

const date = '2021-04-15';
const flat = (minute: number, volume = 100): ReturnType<typeof candleAt> =>
  candleAt(date, minute, [10_000, 10_000, 10_000, 10_000], volume);

describe('bars from minutes', () => {
  test('five minutes make one bar with first open, extremes, last close and summed volume', () => {
    const [bar, ...rest] = snapshots(walk(1, 5), { barMinutes: 5 });
    const minutes = walk(1, 5);
    expect(rest).toEqual([]);
    expect(bar).toMatchObject({
      barAt: minutes[0]?.at,
      open: minutes[0]?.open,
      close: minutes[4]?.close,
      high: Math.max(...minutes.map((candle) => candle.high)),
      low: Math.min(...minutes.map((candle) => candle.low)),
      volume: minutes.reduce((sum, candle) => sum + candle.volume, 0),
    });
  });
  test('a bar whose last minutes had no trade closes with the next candle', () => {
    const engine = createIndicatorEngine({ barMinutes: 5 });
    expect(engine.update(flat(0))).toEqual([]);
    expect(engine.update(flat(2))).toEqual([]);
    expect(engine.update(flat(7)).map((bar) => bar.volume)).toEqual([200]);
  });
  test('a candle can finish an earlier bar and its own', () => {
    const engine = createIndicatorEngine({ barMinutes: 5 });
    engine.update(flat(3));
    expect(engine.update(flat(9))).toHaveLength(2);
  });
  test('closeThrough closes a bar only when its time is over', () => {
    const engine = createIndicatorEngine({ barMinutes: 5 });
    engine.update(flat(1));
    expect(engine.closeThrough(epochMs(istInstant(date, '09:20') - 1))).toEqual([]);
    expect(engine.closeThrough(istInstant(date, '09:20'))).toHaveLength(1);
    expect(engine.closeThrough(istInstant(date, '09:30'))).toEqual([]);
  });
  test('a halt of an hour makes no bars of its own', () => {
    const candles = [...walk(2, 30), ...walk(3, 120).slice(90)];
    expect(snapshots(candles, { barMinutes: 5 })).toHaveLength(12);
  });
  test('hour-long bars start at 09:15', () => {
    const [first, second] = snapshots(walk(4, 130), { barMinutes: 60 });
    expect(first?.barAt).toBe(istInstant(date, '09:15'));
    expect(second?.barAt).toBe(istInstant(date, '10:15'));
  });
  test('a session that ends early keeps its bars and the next starts afresh', () => {
    const candles = [...walk(5, 33), ...walk(6, 10, '2021-04-16')];
    const bars = snapshots(candles, { barMinutes: 5 });
    expect(bars.map((bar) => bar.session)).toEqual([
      ...Array<string>(7).fill(date),
      '2021-04-16',
      '2021-04-16',
    ]);
    const first = candles.slice(33, 38);
    const money = first.reduce((sum, c) => sum + ((c.high + c.low + c.close) / 3) * c.volume, 0);
    const volume = first.reduce((sum, c) => sum + c.volume, 0);
    expect(bars[7]?.vwap).toBeCloseTo(money / volume, 6);
  });
});

describe('vwap', () => {
  test('is null until something traded and ignores candles without volume', () => {
    const engine = createIndicatorEngine({ barMinutes: 1 });
    expect(engine.update(flat(0, 0))[0]?.vwap).toBeNull();
    expect(engine.update(flat(1))[0]?.vwap).toBe(10_000);
    const dear = candleAt(date, 2, [20_000, 20_000, 20_000, 20_000], 0);
    expect(engine.update(dear)[0]?.vwap).toBe(10_000);
  });
  test('bands are one and two volume-weighted deviations away', () => {
    const engine = createIndicatorEngine({ barMinutes: 1 });
    engine.update(candleAt(date, 0, [100, 100, 100, 100], 300));
    const [bar] = engine.update(candleAt(date, 1, [200, 200, 200, 200], 100));
    const deviation = Math.sqrt((300 * 25 ** 2 + 100 * 75 ** 2) / 400);
    expect(bar?.vwap).toBeCloseTo(125, 9);
    expect(bar?.vwapUpper1).toBeCloseTo(125 + deviation, 9);
    expect(bar?.vwapLower2).toBeCloseTo(125 - 2 * deviation, 9);
  });
});

test('no indicator shows a number before it is valid', () => {
  const bars = snapshots(walk(7, 60), { barMinutes: 1 });
  const firstWith = (field: keyof IndicatorSnapshot): number =>
    bars.findIndex((bar) => bar[field] !== null);
  const expected: Partial<Record<keyof IndicatorSnapshot, number>> = {
    sma20: 19,
    sma50: 49,
    ema9: 8,
    ema21: 20,
    atr14: 14,
    rsi14: 14,
    rsi21: 21,
    macd: 25,
    macdSignal: 33,
    macdHistogram: 33,
    superTrend: 10,
    volumeSma20: 19,
    vwap: 0,
  };
  for (const [field, index] of Object.entries(expected)) {
    expect([field, firstWith(field as keyof IndicatorSnapshot)]).toEqual([field, index]);
  }
});

test('an incremental run equals a run from scratch at every bar', () => {
  const candles = walk(8, 150);
  const engine = createIndicatorEngine({ barMinutes: 5 });
  const live: IndicatorSnapshot[] = [];
  candles.forEach((candle, index) => {
    live.push(...engine.update(candle));
    expect(snapshots(candles.slice(0, index + 1), { barMinutes: 5 })).toEqual(live);
  });
  expect(live).toHaveLength(30);
});

/** Equal up to float rounding; reflecting adds and removes 2·centre. */
function expectClose(a: IndicatorSnapshot | undefined, b: IndicatorSnapshot | undefined): void {
  for (const [field, value] of Object.entries(a ?? {})) {
    const other: unknown = b?.[field as keyof IndicatorSnapshot];
    if (typeof value === 'number' && typeof other === 'number') {
      expect(Math.abs(value - other)).toBeLessThan(1e-4);
    } else expect([field, value]).toEqual([field, other]);
  }
}

test('a reflected series has the mirrored indicators', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const candles = walk(seed, 350);
      const ours = snapshots(candles, { barMinutes: 5 });
      const mirrored = snapshots(reflected(candles), { barMinutes: 5 });
      ours.forEach((bar, index) => {
        const turned = mirrorSnapshot(mirrored[index] ?? bar);
        const shift = 400_000;
        const lifted = Object.fromEntries(
          Object.entries(turned).map(([field, value]) => [
            field,
            typeof value === 'number' && isPrice(field) ? value + shift : value,
          ]),
        ) as unknown as IndicatorSnapshot;
        expectClose(bar, lifted);
      });
    }),
    { numRuns: 15 },
  );
});

const priceFields =
  'open high low close sma20 sma50 ema9 ema21 vwap vwapUpper1 vwapLower1 vwapUpper2 vwapLower2 superTrend';
const isPrice = (field: string): boolean => priceFields.split(' ').includes(field);

test('mirrored twice is the bar itself', () => {
  for (const bar of snapshots(walk(9, 200), { barMinutes: 5 })) {
    expectClose(mirrorSnapshot(mirrorSnapshot(bar)), bar);
  }
});

describe('rsi divergence', () => {
  /** Lows of a W: pivots at the given prices with the given RSI, confirmed three bars after each. */
  const w = (first: [number, number], second: [number, number]): ReturnType<typeof found> => {
    const shape = [4, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 4];
    const bars = shape.map((height, index) => {
      const [low, rsi] = index < 7 ? first : second;
      return { high: 500 + height, low: low + 10 * height, rsi: rsi + height };
    });
    return found(bars);
  };
  const found = (bars: { high: number; low: number; rsi: number }[]) => {
    const divergence = rsiDivergence();
    return bars.map((bar) => divergence.next(bar).bullish);
  };
  test('a lower low with a higher RSI is regular, seen three bars after the low', () => {
    const kinds = w([100, 25], [90, 35]);
    expect(kinds.indexOf('regular')).toBe(13);
    expect(kinds.filter((kind) => kind !== null)).toHaveLength(1);
  });
  test('a higher low with a lower RSI is hidden', () => {
    expect(w([90, 35], [100, 25])).toContain('hidden');
  });
  test('price and RSI that agree are nothing', () => {
    expect(w([100, 35], [90, 25]).every((kind) => kind === null)).toBe(true);
  });
});

describe('bad input is refused in one sentence', () => {
  const good = flat(1);
  test.each([
    ['open', { ...good, open: Number.NaN as Paise }, /open must be a price above 0, was NaN/],
    ['low', { ...good, low: -5 as Paise }, /low must be a price above 0, was -5/],
    ['volume', { ...good, volume: -1 as Shares }, /volume must be 0 or more, was -1/],
    ['range', { ...good, high: 9_000 as Paise }, /must lie between low 10000 and high 9000/],
    [
      'missing',
      { ...good, close: undefined as unknown as Paise },
      /close must be .* was undefined/,
    ],
  ])('%s', (_, candle, sentence) => {
    expect(() => snapshots([candle], { barMinutes: 5 })).toThrow(sentence);
  });
  test('a candle out of order, or twice', () => {
    expect(() => snapshots([flat(2), flat(1)], { barMinutes: 5 })).toThrow(/ascending order/);
    expect(() => snapshots([flat(2), flat(2)], { barMinutes: 5 })).toThrow(/is there twice/);
  });
  test('a refused late candle leaves the engine as it was', () => {
    const engine = createIndicatorEngine({ barMinutes: 5 });
    for (const candle of walk(3, 8)) engine.update(candle);
    expect(() => engine.update(flat(3))).toThrow(/ascending/);
    const rest = walk(3, 12)
      .slice(8)
      .flatMap((candle) => engine.update(candle));
    expect(rest).toEqual(snapshots(walk(3, 12), { barMinutes: 5 }).slice(1));
  });
  test('a bar length that is none', () => {
    expect(() => createIndicatorEngine({ barMinutes: 0 })).toThrow(/barMinutes must be .* was 0/);
  });
});
