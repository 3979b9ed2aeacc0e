// Goal: two results are compared on the days both have, and one is called better only where the interval says so.
import { pairedDays, type DatedResult } from '../../../domain/research/pairedDays';
import { drawsFrom, normalsFrom, results } from './worked';

const dated = (values: readonly number[], from = 0): readonly DatedResult[] =>
  values.map((netPnl, day) => ({ date: `day ${String(from + day).padStart(3, '0')}`, netPnl }));

const bootstrap = (): { draws: number; unit: () => number } => ({ draws: 500, unit: drawsFrom(3) });

test('days of one alone are named and not counted', () => {
  const compared = pairedDays(dated([1, 2, 3]), dated([5, 6, 7], 2), bootstrap());
  expect(compared).toMatchObject({
    days: [{ date: 'day 002', first: 3, second: 5 }],
    firstOnly: ['day 000', 'day 001'],
    secondOnly: ['day 003', 'day 004'],
    ...{ mean: 2, interval: null, secondAhead: 1 },
  });
  expect(compared.sentence).toContain('1 day: too few to tell which of them is better');
});

test('what both share counts for nothing: a small steady lead on a wild market is seen', () => {
  const normal = normalsFrom(drawsFrom(6));
  const better = results.map((result) => result + 100 + 50 * normal());
  const ahead = pairedDays(dated(results), dated(better), bootstrap());
  expect(ahead.sentence).toContain('the second is better on these days');
  expect(ahead.interval?.low).toBeGreaterThan(80);
  const behind = pairedDays(dated(better), dated(results), bootstrap());
  expect(behind.sentence).toContain('the first is better on these days');
  expect(behind.mean).toBeCloseTo(0 - ahead.mean, 9);
});

test('noise beside noise shows neither better', () => {
  const normal = normalsFrom(drawsFrom(9));
  const noise = (): readonly DatedResult[] => dated(results.map(() => 1000 * normal()));
  expect(pairedDays(noise(), noise(), bootstrap()).sentence).toContain('neither is shown');
});
