// Goal: `ratchet indicators` writes the engine's own numbers. Method: the same candles through the engine, and rows
// whose cells are not plain. What is refused is in test/inputs.
import type { CsvRow, CsvTable } from '../../../domain/candleFile';
import { readBars } from '../../../domain/candleFile';
import { indicatorColumns, indicatorCsv } from '../../../domain/indicators';
import { snapshots } from '../../support/snapshots';
import { candleAt, walk } from '../candles';

const header = 'ts,open,high,low,close,volume';
const candles = walk(21, 120);
const rows = candles.map((c) =>
  [new Date(c.at).toISOString(), c.open, c.high, c.low, c.close, c.volume].join(','),
);

const tableOf = (lines: readonly string[], delimiter = ','): CsvTable => {
  const [first = [], ...cells] = lines.map((line) => line.split(delimiter));
  const table = cells.map((row, index): CsvRow => [index + 2, row]);
  return { file: 'A.csv', headerLine: 1, header: first, delimiter, isEnded: true, rows: table };
};
const indicatorsOf = (
  table: CsvTable,
  factors: Parameters<typeof indicatorCsv>[0]['factors'] = [],
): string[] => {
  const { bars } = readBars(table, { kind: 'any' });
  return indicatorCsv({ file: 'A.csv', bars, factors }).trim().split('\n');
};

test("adds the engine's own numbers, empty while they warm up", () => {
  const [first, ...found] = indicatorsOf(tableOf([header, ...rows]));
  expect(first).toBe(`${header},${indicatorColumns.join(',')}`);
  const bars = snapshots(candles, { barMinutes: 1 });
  found.forEach((row, index) => {
    const cells = row.split(',').slice(6);
    expect(cells).toEqual(indicatorColumns.map((column) => String(bars[index]?.[column] ?? '')));
  });
  const warm = found[0]?.split(',').slice(6);
  expect(warm?.filter((cell) => cell !== '')).toHaveLength(1);
});

test('columns may be in any order, others are dropped, and grouping is left out', () => {
  const shuffled = [
    'ticks;close;TS;Volume;low;high;open',
    '9;1,001.5;2021-04-15 09:15;1,00,000;999;1,00,002;1000',
  ];
  const [, row] = indicatorsOf(tableOf(shuffled, ';'));
  expect(row).toMatch(/^2021-04-15 09:15,1000,100002,999,1001\.5,100000,/);
});

test('a named factor makes one series of two, and its absence is a refusal', () => {
  const halved = [header, '2021-04-12,99,101,98,100,10', '2021-04-13,50,52,49,51,25'];
  expect(() => indicatorsOf(tableOf(halved))).toThrow(
    '"A.csv" line 3, column open: between the close of 2021-04-12 and the open of 2021-04-13 the price moved −50.0 %',
  );
  const [, first] = indicatorsOf(tableOf(halved), [{ exDate: '2021-04-13', factor: 2 }]);
  expect(first).toMatch(/^2021-04-12,49\.5,50\.5,49,50,20,/);
});

test('bars of one price that rise decide SuperTrend, and RSI stays inside 0 to 100', () => {
  const rising = Array.from({ length: 60 }, (_, minute) => {
    const price = 10_000 + minute * 7;
    return candleAt('2026-11-20', minute, [price, price, price, price], 10);
  });
  const bars = snapshots(rising, { barMinutes: 1 });
  expect(bars.at(-1)?.superTrendDirection).toBe(1);
  const falling = rising.map((_, index) => {
    const price = 20_000 - index * 7;
    return candleAt('2026-11-20', index, [price, price, price, price], 10);
  });
  expect(snapshots(falling, { barMinutes: 1 }).at(-1)?.superTrendDirection).toBe(-1);
});
