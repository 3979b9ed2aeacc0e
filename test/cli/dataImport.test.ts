// Goal: whatever form a file of candles has, what is stored is what it says, or nothing is stored and a sentence says
// why. Method: the same four candles in each form, imported by the command, and read by the reader of every replay.
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dataImportCommand } from '../../cli/commands/dataImport';
import { candleSeries } from '../../exchange/market/candleFiles';
import type { Candle } from '../../domain/market/candle';
import { epochMs, paise, shares } from '../../domain/units';
import { printed } from '../support/candleDoors';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ratchet-import-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const at = (time: string): number => Date.parse(`2021-04-15T${time}:00+05:30`);
const candle = (time: string, prices: readonly number[], volume: number): Candle => {
  const [open = 0, high = 0, low = 0, close = 0] = prices.map((price) => paise(price));
  return {
    at: epochMs(at(time)),
    ...{ open: paise(open), high: paise(high), low: paise(low), close: paise(close) },
    volume: shares(volume),
  };
};
const base = [
  candle('09:15', [141_860, 141_920, 141_790, 141_880], 51_234),
  candle('09:16', [141_880, 142_000, 141_805, 141_995], 8_000),
  candle('09:17', [141_995, 141_995, 141_900, 141_900], 1),
  candle('15:29', [142_500, 142_555, 142_450, 142_450], 999),
];

type Written = (one: Candle) => string;
const rupees = ({ open, high, low, close, volume }: Candle): string =>
  [...[open, high, low, close].map((price) => (price / 100).toFixed(2)), volume].join(',');
const hm = ({ at: instant }: Candle, plus = 0): string =>
  new Date(instant + 19_800_000 + plus * 60_000).toISOString().slice(11, 16);
const text = (header: string, row: Written): string => `${header}\n${base.map(row).join('\n')}\n`;

const put = (name: string, content: string): string => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};
const store = (): string => join(folder, 'store');
const imported = (source: string, ...flags: string[]): ReturnType<typeof printed> =>
  printed(dataImportCommand, [source, '--to', store(), ...flags]);
const stored = (): readonly { readonly name: string; readonly candles: readonly Candle[] }[] =>
  [...candleSeries({ directory: store() })].map(({ name, candles }) => ({ name, candles }));

const ohlcv = 'open,high,low,close,volume';
const single = (price: number): string => String(Math.fround(price / 100));

const forms: readonly (readonly [string, string, string, readonly string[], string])[] = [
  [
    'ours',
    'INFY.csv',
    text(`ts,${ohlcv}`, (one) => `2021-04-15T${hm(one)}:00+05:30,${rupees(one)}`),
    [],
    'Ratchet’s form',
  ],
  [
    'Kite',
    'INFY.csv',
    text(`date,${ohlcv},oi`, (one) => `2021-04-15T${hm(one)}:00+0530,${rupees(one)},0`),
    [],
    'Kite’s form',
  ],
  [
    'yfinance with single precision',
    'INFY.NS.csv',
    text(
      'Datetime,Open,High,Low,Close,Adj Close,Volume',
      (one) =>
        `2021-04-15 ${hm(one)}:00+05:30,${[one.open, one.high, one.low, one.close, one.close].map(single).join(',')},${one.volume}`,
    ),
    [],
    'not used: adj close',
  ],
  [
    'yfinance with three headers',
    'some_name.csv',
    `Price,Close,High,Low,Open,Volume\nTicker,INFY.NS,INFY.NS,INFY.NS,INFY.NS,INFY.NS\nDatetime,,,,,\n${base
      .map((one) => {
        const { open, high, low, close, volume } = one;
        const prices = [close, high, low, open].map((price) => price / 100);
        return `${new Date(one.at).toISOString().slice(0, 16).replace('T', ' ')}:00+00:00,${prices.join(',')},${volume}`;
      })
      .join('\n')}\n`,
    [],
    'time from datetime',
  ],
  [
    'TradingView in seconds',
    'INFY.csv',
    text('time,open,high,low,close,Volume', (one) => `${one.at / 1000},${rupees(one)}`),
    [],
    'epoch-seconds',
  ],
  ['Polygon', 'INFY.csv', text('t,o,h,l,c,v', (one) => `${one.at},${rupees(one)}`), [], 'epoch-ms'],
  [
    'a vendor’s ticks of the day, named by their end',
    'all.csv',
    text(
      'Ticker,Date,Time,Open,High,Low,Close,Volume,Open Interest',
      (one) => `INFY.NSE,15/04/2021,${hm(one)}:59,${rupees(one)},0`,
    ),
    ['--map', 'dates=day-first,stamp=end'],
    'a time is the end of its bar',
  ],
  [
    'compact dates, paise, own names',
    'INFY_minute.csv',
    text('wann;a;b;c;d;e', (one) =>
      [`20210415 ${hm(one, -330)}`, one.open, one.high, one.low, one.close, one.volume].join(';'),
    ),
    ['--map', 'date=wann,open=a,high=b,low=c,close=d,volume=e,dates=compact,unit=paise,zone=UTC'],
    'prices in paise',
  ],
];

test.each(forms)('%s is stored as it was meant', async (_form, name, content, flags, said) => {
  const { stderr } = await imported(put(name, content), ...flags);
  expect(stderr).toContain(said);
  expect(stored()).toEqual([{ name: 'INFY', candles: base }]);
});

test('a mapping may be a file, and --symbol takes what it names', async () => {
  const rows = text(`who,Date,${ohlcv}`, (one) =>
    ['SBIN', 'INFY', 'TCS'].map((who) => `${who},15-04-2021 ${hm(one)},${rupees(one)}`).join('\n'),
  );
  const map = put('form.txt', 'symbol=who\ndates=day-first\n');
  await imported(put('all.csv', rows), '--map', map, '--symbol', 'INFY', 'SBIN');
  expect(stored()).toEqual(['INFY', 'SBIN'].map((name) => ({ name, candles: base })));
});

const ours = forms[0]?.[2] ?? '';
const refusals: readonly (readonly [string, string, string, readonly string[], string])[] = [
  [
    'high below low',
    'INFY.csv',
    ours.replace('1419.20', '1417.00'),
    [],
    'line 2, column high: must not be below the row’s low 1417.9, was "1417.00"',
  ],
  [
    'off the tick',
    'INFY.csv',
    ours.replace('1419.20', '1419.22'),
    [],
    'line 2, column high: must be a price that trades',
  ],
  [
    'a minute twice',
    'INFY.csv',
    ours.replace('09:16', '09:15'),
    [],
    'line 3, column ts: must be another time than that of line 2',
  ],
  [
    'an impossible date',
    'INFY.csv',
    ours.replaceAll('04-15', '02-30'),
    [],
    'line 2, column ts: must be a time like',
  ],
  [
    'the form’s own column',
    'INFY.csv',
    text('t,o,h,l,c,v', (one) => `${one.at},${rupees(one)}`).replace('1419.20', 'x'),
    [],
    'line 2, column h: must be a price',
  ],
  [
    'a day first unsaid',
    'INFY.csv',
    text(`date,${ohlcv}`, (one) => `15-04-2021 ${hm(one)},${rupees(one)}`),
    [],
    'line 2, column date: must be a time the year first, or --map must name the form',
  ],
  [
    'no close',
    'INFY.csv',
    ours.replace('close', 'last'),
    [],
    'line 1, column close: the header must have it, or --map close=NAME',
  ],
  [
    'two times',
    'INFY.csv',
    ours.replace('ts,open', 'ts,date,open').replaceAll('00+05:30,', '00+05:30,x,'),
    [],
    '--map must say which column is date: ts or date',
  ],
  [
    'no symbol',
    'my file (1).csv',
    ours,
    [],
    'must be named after its stock, like INFY.csv, or --symbol',
  ],
  [
    'no volume',
    'INFY.csv',
    ours.replace('volume', 'shares'),
    [],
    'must have a column of the volume',
  ],
  [
    'a wrong key',
    'INFY.csv',
    ours,
    ['--map', 'date=ts,opening=open'],
    '"opening" must be one of date, time, open',
  ],
  [
    'a wrong zone',
    'INFY.csv',
    ours,
    ['--map', 'zone=Mars'],
    'zone must be India, UTC or an offset like +05:30, was "Mars"',
  ],
  [
    'a column that is not there',
    'INFY.csv',
    ours,
    ['--map', 'open=Eroeffnung'],
    'the header must have the column that --map calls open',
  ],
];

test.each(refusals)(
  '%s is refused and nothing is stored',
  async (_case, name, content, flags, sentence) => {
    const sound = put('files/AXISBANK.csv', ours);
    put(`files/${name}`, content);
    await expect(imported(dirname(sound), ...flags)).rejects.toThrow(sentence);
    expect(existsSync(store()) ? readdirSync(store()) : []).toEqual([]);
  },
);

test('what is there and equal is counted, what differs is refused with both values, or replaced', async () => {
  const file = put('INFY.csv', ours);
  await imported(file);
  const [header = '', ...rows] = ours.split('\n');
  const late = '2021-04-15T15:28:00+05:30,1424.00,1424.00,1424.00,1424.00,5';
  const again = put('again/INFY.csv', [header, late, ...rows].join('\n'));
  const { stdout } = await imported(again, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ series: [{ symbol: 'INFY', added: 1, equal: 4 }] });
  const other = put('other/INFY.csv', ours.replace('51234', '51235'));
  await expect(imported(other)).rejects.toThrow(
    'line 2: INFY at 2021-04-15 09:15:00 is stored as 1418.60 1419.20 1417.90 1418.80 volume 51234, and here it is 1418.60 1419.20 1417.90 1418.80 volume 51235; they must be equal, or --replace takes these',
  );
  expect(stored()[0]?.candles).toHaveLength(5);
  expect(stored()[0]?.candles[0]?.volume).toBe(51_234);
  await imported(other, '--replace');
  expect(stored()[0]?.candles[0]?.volume).toBe(51_235);
  expect(stored()[0]?.candles).toHaveLength(5);
});

test('a stock that the folder has as text is refused', async () => {
  put('store/minute/core/INFY.csv', ours);
  await expect(imported(put('INFY.csv', ours))).rejects.toThrow('INFY is in "');
});

const fiveMinutes = Array.from({ length: 12 }, (_, index) => {
  const time = new Date(at('09:15') + 19_800_000 + index * 300_000).toISOString().slice(0, 16);
  return `${time}:00+05:30,100.00,100.00,100.00,100.00,5`;
});

test('bars of five minutes are refused unless asked for, and no replay reads them', async () => {
  const file = put('INFY.csv', `ts,${ohlcv}\n${fiveMinutes.join('\n')}\n`);
  await expect(imported(file)).rejects.toThrow(
    'must be a candle of one minute: those of the file are 5 minutes apart; "--minutes 5" imports',
  );
  await imported(file, '--minutes', '5');
  expect(readdirSync(store())).toEqual(['5minute']);
  expect(() => stored()).toThrow('must exist and hold one-minute candles');
  await expect(imported(file, '--minutes', '15')).rejects.toThrow('must be a candle of 15 minutes');
});

test('--leave-out drops a row of a closed market alone, and a wrong row with its day', async () => {
  const day = (date: string): string =>
    ours.split('\n').slice(1).join('\n').replaceAll('2021-04-15', date);
  const wrong = day('2021-04-16').replace('1419.20', '1.00');
  const preOpen = '2021-04-15T09:08:00+05:30,1418.60,1418.60,1418.60,1418.60,7\n';
  const rows = ours + preOpen + (ours.split('\n')[1] ?? '') + '\n' + wrong + day('2021-04-17');
  const { stdout } = await imported(put('INFY.csv', rows), '--leave-out', '--json');
  expect(stored()).toEqual([{ name: 'INFY', candles: base }]);
  expect(JSON.parse(stdout)).toMatchObject({ series: [{ candles: 4, leftOut: 10 }] });
});

test('years before the list of holidays are taken, and what is not checked is said', async () => {
  const { stderr } = await imported(put('INFY.csv', ours.replaceAll('2021-04-15', '2016-04-15')));
  expect(stderr).toContain('4 candles are of years before 2018, whose holidays no list has');
  expect(stored()[0]?.candles).toHaveLength(4);
});

test('what a killed import left is removed, and a living one is waited for', async () => {
  const file = put('INFY.csv', ours);
  put('store/.incoming-999999999/INFY.parquet', 'half');
  await imported(file);
  expect(readdirSync(store())).toEqual(['minute']);
  put(`store/.incoming-${process.ppid}/INFY.parquet`, 'half');
  await expect(imported(file)).rejects.toThrow(`process ${process.ppid} is writing`);
});

test('a stored file that is none is refused by its name', async () => {
  await imported(put('INFY.csv', ours));
  const file = join(store(), 'minute', 'INFY.parquet');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length - 20));
  expect(() => stored()).toThrow('INFY.parquet" is no Parquet file of candles');
});
