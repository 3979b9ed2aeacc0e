import { indicatorColumns, indicatorCsv } from '../../../domain/indicators';
import { snapshots } from '../../support/snapshots';
import { walk } from '../candles';

const header = 'ts,open,high,low,close,volume';
const candles = walk(21, 120);
const text = [
  header,
  ...candles.map((c) =>
    [new Date(c.at).toISOString(), c.open, c.high, c.low, c.close, c.volume].join(','),
  ),
].join('\n');

test("adds the engine's own numbers, empty while they warm up", () => {
  const [first, ...rows] = indicatorCsv(text).trim().split('\n');
  expect(first).toBe(`${header},${indicatorColumns.join(',')}`);
  const bars = snapshots(candles, { barMinutes: 1 });
  rows.forEach((row, index) => {
    const cells = row.split(',').slice(6);
    expect(cells).toEqual(indicatorColumns.map((column) => String(bars[index]?.[column] ?? '')));
  });
  expect(
    rows[0]
      ?.split(',')
      .slice(6)
      .filter((cell) => cell !== ''),
  ).toHaveLength(1);
});

test('columns may be in any order and others are dropped', () => {
  const shuffled = [
    'ticks,close,ts,volume,low,high,open',
    '9,101,2021-04-15 09:15,5,99,102,100',
  ].join('\n');
  expect(indicatorCsv(shuffled).split('\n')[1]).toMatch(/^2021-04-15 09:15,100,102,99,101,5,/);
});

test.each([
  [`${header}\n2021-04-15,1,2,1,x,5`, 'line 2: close must be a number, was "x"'],
  [`${header}\n2021-04-15,1,2,1,,5`, 'line 2: close must be a number, was ""'],
  [`${header}\nyesterday,1,2,1,1,5`, /line 2: ts must be a time like .* was "yesterday"/],
  ['ts,open\n', /close,volume; high is missing/],
  [`${header}\n2021-04-15,1,2,1,1,5\n2021-04-15,1,2,1,1,5`, /is there twice/],
])('%j is refused', (wrong, sentence) => expect(() => indicatorCsv(wrong)).toThrow(sentence));
