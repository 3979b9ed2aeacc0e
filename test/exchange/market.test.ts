// Where prices come from: a seed gives one generated day, and that day has structure; a replay plays the
// recorded bars exactly; bad input is one sentence.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { Candle } from '../../domain/market/candle';
import { tickSizeOn } from '../../domain/market/tickSize';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise, shares } from '../../domain/units';
import type { OrderTerms } from '../../exchange/engine/order';
import { startPaperExchange } from '../../exchange/start';
import { ticksOfBar } from '../../exchange/market/barPath';
import { chanceFor } from '../../exchange/market/chance';
import { generatedMarket } from '../../exchange/market/generated';
import { replayedMarket } from '../../exchange/market/replay';
import type { MarketSource, Tick } from '../../exchange/market/source';
import { date } from './support';

const sharedFolder = process.env['RATCHET_SHARED_DATA'] ?? join(__dirname, '../../../shared/data');
const testWithShared = existsSync(join(sharedFolder, 'nse/minute/core')) ? test : test.skip;

const buyTerms: OrderTerms = {
  variety: 'regular',
  tradingsymbol: 'ABC',
  side: 'BUY',
  product: 'CNC',
  orderType: 'LIMIT',
  quantity: shares(1),
  price: paise(100),
  triggerPrice: paise(0),
  disclosedQuantity: shares(0),
  validity: 'DAY',
  validityTtl: 0,
  marketProtection: 0,
  tag: null,
  icebergLegs: 0,
};

function ticksOf(source: MarketSource): Tick[] {
  const ticks: Tick[] = [];
  while (source.feed.nextAt() !== undefined) ticks.push(source.feed.take());
  return ticks;
}

/** Minute bars out of ticks, as text, per token. */
function barsOf(ticks: readonly Tick[]): Map<string, number[]> {
  const bars = new Map<string, number[]>();
  for (const { at, token, price, quantity } of ticks) {
    const key = `${token}/${at - (at % 60_000)}`;
    const bar = bars.get(key);
    if (bar === undefined) bars.set(key, [price, price, price, price, quantity]);
    else {
      const [open = 0, high = 0, low = 0, , volume = 0] = bar;
      bars.set(key, [open, Math.max(high, price), Math.min(low, price), price, volume + quantity]);
    }
  }
  return bars;
}

describe('paper exchange: prices', () => {
  test('a bar becomes trades that touch open, extremes and close and sum to its volume', () => {
    const anyBar = fc
      .record({
        prices: fc.array(fc.integer({ min: 200, max: 260 }), { minLength: 4, maxLength: 4 }),
        volume: fc.integer({ min: 0, max: 1_000_000 }),
        seed: fc.integer(),
      })
      .map(({ prices, volume, seed }) => ({ prices: prices.map((one) => one * 5), volume, seed }));
    fc.assert(
      fc.property(anyBar, ({ prices, volume, seed }) => {
        const [open = 0, close = 0] = prices;
        const bar: Candle = {
          at: epochMs(1_000 * 60_000),
          open: paise(open),
          high: paise(Math.max(...prices)),
          low: paise(Math.min(...prices)),
          close: paise(close),
          volume: shares(volume),
        };
        const ticks = ticksOfBar(bar, 1, paise(5), chanceFor(seed, 'bar'));
        expect([...barsOf(ticks).values()]).toEqual([[open, bar.high, bar.low, close, volume]]);
        expect(ticks.map(({ at }) => at)).toEqual(
          ticks.map(({ at }) => at).toSorted((a, b) => a - b),
        );
        expect(ticks.every(({ price }) => price % 5 === 0)).toBe(true);
      }),
    );
  });

  test('one seed is one day; another seed is another', () => {
    const day = (seed: number): string =>
      JSON.stringify(ticksOf(generatedMarket(date, seed, { only: ['INFY'] })));
    expect(day(3)).toBe(day(3));
    expect(day(3)).not.toBe(day(4));
  });

  test('the generated day: two dozen stocks of both groups, on the grid, trends both ways, news', () => {
    const source = generatedMarket(date, 1);
    const stocks = source.listings.filter(({ isIndex }) => !isIndex);
    expect(stocks.length).toBeGreaterThanOrEqual(24);
    expect(stocks.filter(({ hasDerivatives }) => !hasDerivatives).length).toBeGreaterThanOrEqual(5);
    const bars = barsOf(ticksOf(source));
    const moves: number[] = [];
    for (const { instrumentToken, tickSize, band } of stocks) {
      const own = [...bars]
        .filter(([key]) => key.startsWith(`${instrumentToken}/`))
        .map(([, bar]) => bar);
      const closes = own.map(([, , , close = 0]) => close);
      expect(
        closes.every(
          (price) => price % tickSize === 0 && price <= band.upper && price >= band.lower,
        ),
      ).toBe(true);
      closes.forEach((price, index) => {
        const before = closes[index - 60];
        if (index % 60 === 59 && before !== undefined) moves.push(price / before - 1);
      });
    }
    expect(moves.filter((move) => move > 0.006).length).toBeGreaterThan(10);
    expect(moves.filter((move) => move < -0.006).length).toBeGreaterThan(10);
    expect(source.headlines.length).toBeGreaterThan(10);
    const history = source.history(stocks[0]?.instrumentToken ?? 0);
    expect(history.length).toBe(5 * 360);
  });

  test('stocks in the closing auction trade to 15:15, the others to 15:30', () => {
    const lastTick = (symbol: string): number =>
      ticksOf(generatedMarket(date, 1, { only: [symbol] }))
        .filter(({ token }) => token % 256 === 1)
        .at(-1)?.at ?? 0;
    expect(lastTick('INFY')).toBeLessThan(istInstant(date, '15:15'));
    expect(lastTick('VGUARD')).toBeGreaterThan(istInstant(date, '15:15'));
  });

  test.each([
    ['2026-11-20', 249.99, 1],
    ['2026-11-20', 250.01, 5],
    ['2026-11-20', 1_500, 10],
    ['2026-11-20', 7_000, 50],
    ['2026-11-20', 25_000, 500],
    ['2021-04-15', 9_000, 5],
  ])('the tick on %s at ₹%d is %d paise', (day, rupees, tick) => {
    expect(tickSizeOn(day, paise(Math.round(rupees * 100)))).toBe(tick);
  });
});

describe('paper exchange: replay', () => {
  function folderWith(rows: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'replay-'));
    writeFileSync(join(folder, 'ABC.csv.gz'), gzipSync(`ts,open,high,low,close,volume\n${rows}\n`));
    return folder;
  }

  testWithShared('the ticks of a real day rebuild its bars exactly', () => {
    const folder = join(sharedFolder, 'nse/minute/core');
    const source = replayedMarket({ directory: folder, date: '2021-04-15', seed: 1 });
    const reliance = source.listings.find(({ tradingsymbol }) => tradingsymbol === 'RELIANCE');
    const token = reliance?.instrumentToken ?? 0;
    expect(token).toBe(738_561);
    const bars = barsOf(ticksOf(source).filter((tick) => tick.token === token));
    const rows = gunzipSync(readFileSync(join(folder, 'RELIANCE.csv.gz')))
      .toString()
      .split('\n')
      .filter((row) => row.startsWith('2021-04-15'));
    const expected = rows.map((row) => {
      const [ts = '', ...numbers] = row.split(',');
      const [open, high, low, close, volume] = numbers.map(Number);
      const inPaise = [open, high, low, close].map((one) => Math.round((one ?? 0) * 100));
      return [`${token}/${Date.parse(ts)}`, [...inPaise, volume]];
    });
    expect([...bars]).toEqual(expected);
    expect(source.history(token).length).toBeGreaterThan(1_000);
    expect(
      source.listings.find(({ tradingsymbol }) => tradingsymbol === 'NIFTY 50')?.instrumentToken,
    ).toBe(256_265);
  });

  test('a recorded price beyond the band moves the band with it, and limits outside are cancelled', async () => {
    const rows = [
      '2021-04-12T09:15:00+05:30,100,100,100,100,5',
      '2021-04-15T09:15:00+05:30,100,100,100,100,500',
      '2021-04-15T09:16:00+05:30,127,127,127,127,500',
    ];
    const paper = await start(folderWith(rows.join('\n')));
    const { exchange } = paper;
    exchange.advanceTo(istInstant('2021-04-15', '09:15:30'));
    expect(exchange.tape('ABC').band).toEqual({ lower: 8_000, upper: 12_000 });
    const terms = { ...buyTerms, price: paise(8_100) };
    const { orderId } = exchange.place(terms);
    exchange.advanceTo(istInstant('2021-04-15', '09:15:40'));
    expect(exchange.knownOrder(orderId).status).toBe('OPEN');
    exchange.advanceTo(istInstant('2021-04-15', '09:17'));
    expect(exchange.tape('ABC').band).toEqual({ lower: 9_000, upper: 13_000 });
    expect(exchange.knownOrder(orderId).status).toBe('CANCELLED');
    await paper.close();
  });

  const start = (directory: string, day = '2021-04-15') =>
    startPaperExchange({
      date: day,
      source: { kind: 'replay', directory },
      speed: 1,
      held: true,
      openingCash: paise(10_000_000),
    });

  test.each([
    [
      'a missing folder',
      () => start('/nowhere/at/all'),
      /replay folder "\/nowhere\/at\/all" must exist/,
    ],
    [
      'a holiday',
      () => start('/nowhere', '2021-04-21'),
      /2021-04-21 is not a trading day at NSE \(holiday\)/,
    ],
    ['no calendar date', () => start('/nowhere', '2021-02-30'), /date must be a calendar date/],
    [
      'a date without candles',
      () => start(folderWith('2021-04-12T09:15:00+05:30,1,1,1,1,5')),
      /no candles of 2021-04-15 .* hold 2021-04-12 to 2021-04-12/,
    ],
    [
      'a price that is no number',
      () => start(folderWith('2021-04-15T09:15:00+05:30,1,x,1,1,5')),
      /ABC\.csv\.gz" line 2, column high: must be a price like 1234\.50, .* was "x"/,
    ],
  ])('%s is refused in one sentence', async (_name, begin, sentence) => {
    await expect(begin()).rejects.toMatchObject({
      name: 'Refused',
      message: expect.stringMatching(sentence) as string,
    });
  });

  test.each([
    [{ port: 99_999 }, 'port must be a whole number from 0 to 65535, was 99999'],
    [{ speed: 0 }, 'speed must be above 0 and at most 10000 market ms per host ms, was 0'],
    [{ startAt: '9h' }, 'startAt must be a time like 09:00 or "now", was "9h"'],
    [{ journalPath: '/no/such/folder/j' }, 'journal "/no/such/folder/j" cannot be written'],
  ])('options %j are refused in one sentence', async (options, sentence) => {
    const starting = startPaperExchange({
      date,
      source: { kind: 'scripted', instruments: [] },
      speed: 1,
      held: true,
      openingCash: paise(100),
      ...options,
    });
    await expect(starting).rejects.toThrow(sentence);
  });

  test('a taken port is refused in one sentence', async () => {
    const folder = folderWith('2021-04-15T09:15:00+05:30,1,1,1,1,5');
    const first = await start(folder);
    const port = Number(new URL(first.rest).port);
    await expect(
      startPaperExchange({
        port,
        date: '2021-04-15',
        source: { kind: 'replay', directory: folder },
        speed: 1,
        held: true,
        openingCash: paise(100),
      }),
    ).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    await first.close();
  });
});
