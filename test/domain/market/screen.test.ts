// Goal: which stocks are watched, in which order, and the reason for every stock that is not.
import type { Candle } from '../../../domain/market/candle';
import {
  screenByHistory,
  screenByQuote,
  watchedStocks,
  type ScreenLimits,
  type ScreenQuote,
} from '../../../domain/market/screen';
import {
  sessionSummaries,
  stockHistory,
  type StockHistory,
} from '../../../domain/market/stockHistory';
import { seriesRefusal, surveillanceList } from '../../../domain/market/surveillance';
import { paise } from '../../../domain/units';
import { loadConfig } from '../../../infra/config/config';
import { candleAt } from '../candles';

const limits: ScreenLimits = { ...loadConfig().screener, stocksMax: 2 };
const rupees = (amount: number): ReturnType<typeof paise> => paise(Math.round(amount * 100));

interface Wish {
  readonly price?: number;
  readonly band?: number;
  readonly spread?: number;
  readonly derivatives?: boolean;
  readonly volume?: number;
}

/** A stock at ₹1,000 with limits 10 % away and a spread of 10 bp. */
function quote(tradingsymbol: string, wish: Wish = {}): ScreenQuote {
  const price = wish.price ?? 1_000;
  const band = wish.band ?? 0.1;
  const spread = wish.spread ?? 0.001;
  return {
    stock: {
      tradingsymbol,
      name: tradingsymbol,
      instrumentToken: 257,
      tickSize: paise(5),
      hasDerivatives: wish.derivatives ?? true,
      sector: 'Test',
      band: { lower: rupees(price * (1 - band)), upper: rupees(price * (1 + band)) },
    },
    lastPrice: rupees(price),
    volume: wish.volume ?? 0,
    bid: rupees(price * (1 - spread / 2)),
    ask: rupees(price * (1 + spread / 2)),
  };
}

const calm: StockHistory = { turnover: rupees(1e9), atrPct: 1.5 };
const list = surveillanceList(
  { asOf: '2026-11-19', stocks: { WATCHED: 'ASM stage 2' } },
  '2026-11-20',
);

const reasonOf = (one: ScreenQuote, history: StockHistory | null = calm): string => {
  const { examined, left } = screenByQuote([one], limits, list);
  const rows = [...screenByHistory(examined, () => history, limits), ...left];
  expect(rows).toHaveLength(1);
  expect(rows[0]?.watched).toBe(rows[0]?.reason === 'rank 1 of 1');
  return rows[0]?.reason ?? '';
};

test.each<[string, ScreenQuote, StockHistory | null, string]>([
  ['an ordinary stock', quote('A'), calm, 'rank 1 of 1'],
  ['one whose history is not known', quote('A'), null, 'rank 1 of 1'],
  ['nobody bids yet', { ...quote('A'), bid: null, ask: null }, calm, 'rank 1 of 1'],
  ['a name with a dash', quote('BAJAJ-AUTO'), calm, 'rank 1 of 1'],
  ['trade-to-trade', quote('A-BE'), calm, 'series BE: not traded intraday'],
  [
    'under surveillance',
    quote('WATCHED'),
    calm,
    'under surveillance: ASM stage 2 (list of 2026-11-19)',
  ],
  ['cheap', quote('A', { price: 49.95 }), calm, 'price ₹49.95 is not between ₹50 and ₹20000'],
  [
    'near its limit',
    quote('A', { band: 0.019 }),
    calm,
    'the price limit is 190 bp away, less than 200',
  ],
  ['a wide spread', quote('A', { spread: 0.005 }), calm, 'spread 50 bp is wider than 30'],
  [
    'hardly traded',
    quote('A'),
    { ...calm, turnover: rupees(99_999_999) },
    'turnover ₹99999999.00 a session is less than ₹100000000',
  ],
  [
    'still',
    quote('A'),
    { ...calm, atrPct: 0.4 },
    'true range 0.4 % of the price is not between 0.5 and 8',
  ],
  [
    'wild',
    quote('A'),
    { ...calm, atrPct: 9 },
    'true range 9 % of the price is not between 0.5 and 8',
  ],
])('%s', (_, one, history, reason) => expect(reasonOf(one, history)).toBe(reason));

test('stocks with derivatives come first, then turnover; those beyond the number wanted say so', () => {
  const names = ['SMALL', 'CASH', 'LARGE'];
  const quotes = names.map((name) => quote(name, { derivatives: name !== 'CASH' }));
  const turnovers: Record<string, number> = { SMALL: 2e8, CASH: 9e9, LARGE: 3e9 };
  const rows = screenByHistory(
    quotes,
    (name) => ({ ...calm, turnover: rupees(turnovers[name] ?? 0) }),
    limits,
  );
  expect(rows.map(({ stock, reason }) => `${stock.tradingsymbol}: ${reason}`)).toEqual([
    'LARGE: rank 1 of 3',
    'SMALL: rank 2 of 3',
    'CASH: rank 3 of 3: only 2 are watched',
  ]);
  expect(watchedStocks(rows.toReversed()).map(({ tradingsymbol }) => tradingsymbol)).toEqual([
    'LARGE',
    'SMALL',
  ]);
});

test('only the best by what the quotes say are examined; every stock has one row', () => {
  const quotes = [1, 2, 3, 4, 5].map((volume) => quote(`S${volume}`, { volume }));
  const { examined, left } = screenByQuote(quotes, limits, null);
  expect(examined.map(({ stock }) => stock.tradingsymbol)).toEqual(['S5', 'S4', 'S3']);
  expect(left.map(({ stock, reason }) => [stock.tradingsymbol, reason])).toEqual([
    ['S2', 'not among the first 3 by derivatives and turnover today'],
    ['S1', 'not among the first 3 by derivatives and turnover today'],
  ]);
});

test('history: turnover and true range are means over sessions, a gap counts as range', () => {
  const session = (date: string, close: number): Candle[] => [
    candleAt(date, 0, [close - 100, close, close - 200, close - 100], 10),
    candleAt(date, 1, [close - 100, close, close - 200, close], 30),
  ];
  const candles = [...session('2026-11-18', 10_000), ...session('2026-11-19', 11_000)];
  const first = 9_900 * 10 + 10_000 * 30;
  const second = 10_900 * 10 + 11_000 * 30;
  expect(stockHistory(sessionSummaries(candles))).toEqual({
    turnover: (first + second) / 2,
    atrPct: (100 * ((200 + 1_000) / 2)) / 11_000,
  });
  expect(stockHistory([])).toBeNull();
});

test.each<[unknown, string]>([
  [{ asOf: '2026-11-12', stocks: {} }, 'must be 2026-11-20 or at most 7 days before it'],
  [{ asOf: '2026-11-21', stocks: {} }, 'must be 2026-11-20 or at most 7 days before it'],
  [{ asOf: 'today', stocks: {} }, 'date must be a calendar date'],
  [{ asOf: '2026-11-20', stocks: { A: 1 } }, 'surveillance list: stocks.A'],
  [[], 'surveillance list'],
])('the surveillance list %j is refused', (value, sentence) => {
  expect(() => surveillanceList(value, '2026-11-20')).toThrow(sentence);
});

test('series of the broker’s dump', () => {
  const named = ['CENTRALBK-BE', 'EMMBI-BL', 'X-N7', 'NAM-INDIA', 'MCDOWELL-N', 'M&M'];
  expect(named.filter((name) => seriesRefusal(name) !== null)).toEqual([
    'CENTRALBK-BE',
    'EMMBI-BL',
    'X-N7',
  ]);
});
