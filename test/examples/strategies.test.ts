// Goal: each example strategy compiles, votes on a made-up session where it should, the other way on the same session
// upside down, and not where one thing is missing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IndicatorSnapshot } from '../../domain/indicators';
import { mirrorSnapshot } from '../../domain/indicators';
import type { StrategyVote } from '../../domain/strategy';
import { loadedWith, placesIn, readStrategy } from '../../infra/strategies/loaded';
import { SandboxedVoters } from '../../infra/strategies/sandboxedVoters';
import { checkTypes } from '../../infra/strategies/typeCheck';
import { sessionOf, StrategyFolder, viewOf } from '../support/strategies';

const folder = join(__dirname, '../../examples/strategies');

test('every folder is a strategy that passes the type check', async () => {
  const places = placesIn(folder);
  expect(places.map(({ name }) => name)).toEqual(readdirSync(folder).sort());
  await checkTypes(places);
});

test('the file that docs/strategies.md shows is one', async () => {
  const page = readFileSync(join(__dirname, '../../docs/strategies.md'), 'utf8');
  const [, text = ''] = /```ts\n(import[^]*?)```/.exec(page) ?? [];
  const written = new StrategyFolder();
  const place = { name: 'shown', folder: written.write('shown', text) };
  await checkTypes([place]);
  expect((await readStrategy(place)).declared.indicators).toEqual(['mean']);
  written.remove();
});

type Bars = readonly IndicatorSnapshot[];

async function voteOn(name: string, bars: Bars): Promise<StrategyVote | undefined> {
  const loaded = loadedWith(await readStrategy({ name, folder: join(folder, name) }), {});
  return (await new SandboxedVoters([loaded]).votes([viewOf(bars)]))[0]?.[0];
}

/** The same session upside down around 2,000 rupees. */
const upsideDown = (bars: Bars): Bars => {
  const flipped = bars.map((bar) => ({
    ...mirrorSnapshot(bar),
    ...Object.fromEntries(
      Object.entries(mirrorSnapshot(bar)).flatMap(([key, value]) =>
        typeof value === 'number' && value < -10_000 ? [[key, value + 400_000]] : [],
      ),
    ),
  }));
  return flipped;
};

type Changed = Partial<IndicatorSnapshot>;
const flat = (count: number, changed: Changed = {}): Changed[] =>
  Array.from({ length: count }, () => changed);
const before = sessionOf('2026-11-19', flat(75));
const today = (changed: readonly Changed[]): Bars => [
  ...before,
  ...sessionOf('2026-11-20', changed),
];

const busy = { volume: 2_000 };
const breaks = { close: 200_900, high: 201_000 };
const turn = { open: 199_000, low: 198_900, close: 199_200, high: 199_300, vwapLower2: 199_100 };
const firstHour = flat(12);
const gapped = { open: 197_000, close: 196_900, high: 197_100, low: 196_800 };
const back = { open: 196_900, close: 197_300, high: 197_400, low: 196_850 };
const rose = { close: 202_000, high: 202_000 };

const cases: readonly (readonly [name: string, where: string, bars: Bars, votes: boolean])[] = [
  ['opening-range', 'first close beyond, on volume', today([...flat(3, busy), {}, breaks]), true],
  ['opening-range', 'no more volume than usual', today([...flat(3), {}, breaks]), false],
  ['opening-range', 'second close beyond', today([...flat(3, busy), breaks, breaks]), false],
  ['opening-range', 'within the range', today([...flat(3, busy), {}, {}]), false],
  ['opening-range', 'too late', today([...flat(3, busy), ...flat(40), breaks]), false],
  ['vwap-reversion', 'turned beyond the band', today([...firstHour, turn]), true],
  ['vwap-reversion', 'before VWAP says something', today([turn]), false],
  ['vwap-reversion', 'not turned', today([...firstHour, { ...turn, open: 199_250 }]), false],
  [
    'vwap-reversion',
    'inside the band',
    today([...firstHour, { ...turn, vwapLower2: 198_800 }]),
    false,
  ],
  [
    'vwap-reversion',
    'in a trend against it',
    today([...firstHour, { ...turn, ema9: 199_000, ema21: 199_500, superTrendDirection: -1 }]),
    false,
  ],
  ['half-hours', 'after a first half-hour up', today([...flat(6, rose), ...flat(54)]), true],
  ['half-hours', 'after a flat one', today(flat(60)), false],
  ['half-hours', 'a bar earlier', today([...flat(6, rose), ...flat(53)]), false],
  ['half-hours', 'a bar later', today([...flat(6, rose), ...flat(55)]), false],
  ['gap-fade', 'gapped and turned', today([gapped, back]), true],
  ['gap-fade', 'not turned', today([gapped, gapped]), false],
  ['gap-fade', 'no gap', today([{}, { open: 199_900, close: 200_100 }]), false],
  ['gap-fade', 'turned before', today([gapped, back, back]), false],
  ['gap-fade', 'too late', today([...flat(12, gapped), back]), false],
];

/** A price as it is around the mirror. */
const mirroredPrice = (price: number | undefined): number | undefined =>
  price === undefined ? undefined : 400_000 - price;

const silent = { agent: '', action: 'NONE', confidence: 0, reason: '' } as const;

test.each(cases)('%s: %s', async (name, _, bars, votes) => {
  const buy: StrategyVote = (await voteOn(name, bars)) ?? silent;
  const sell: StrategyVote = (await voteOn(name, upsideDown(bars))) ?? silent;
  expect([buy.broken, sell.broken]).toEqual([undefined, undefined]);
  expect([buy.action, sell.action]).toEqual(votes ? ['BUY', 'SELL'] : ['NONE', 'NONE']);
  expect([sell.stop, sell.target, sell.entry]).toEqual(
    [buy.stop, buy.target, buy.entry].map(mirroredPrice),
  );
});
