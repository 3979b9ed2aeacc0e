// Goal: every check judges one thing: a fault of it makes its line ✗ with a remedy and leaves the others alone, and
// what could not be read is never taken for good.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  blockersOf,
  bookedProbe,
  checks,
  clockBounds,
  isClockDecided,
  known,
  lostProbe,
  probeOrder,
  readinessOf,
  sentProbe,
  unknown,
  type CheckId,
  type ReadinessFacts,
  type ReadinessLine,
  type ReadinessNeeds,
} from '../../../domain/readiness';
import { clockOffBy } from '../../../domain/readiness/clock';
import { isIntentTag } from '../../../domain/position';
import { compareBooks } from '../../../domain/reconciliation';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { brokerCapabilities } from '../../../broker';
import { epochMs, paise, shares } from '../../../domain/units';

const needs: ReadinessNeeds = {
  mode: 'live',
  date: '2026-11-27',
  calendar: nseCalendar,
  user: 'ZX1234',
  products: ['MIS', 'CNC'],
  staticAddress: '203.0.113.7',
  stocksMin: 1_000,
  strategies: ['trend'],
  industriesAsOf: '2026-07-20',
};
const facts: ReadinessFacts = {
  profile: known({
    userId: 'ZX1234',
    exchanges: ['NSE', 'NFO'],
    products: ['CNC', 'MIS'],
    dematConsent: true,
  }),
  login: 'https://kite.example/login',
  cash: known(paise(100_000)),
  clock: known({ aheadMin: -400, aheadMax: 300 }),
  address: known({ address: '203.0.113.7', seenBy: 'echo', isPublic: true, isStatic: true }),
  lists: known({ stocks: 2_100, withFutures: 210, missing: [] }),
  surveillance: known('2026-11-26'),
  receivers: known([{ channel: 'telegram#1', failure: null }]),
  folder: known({ path: '/var/lib/ratchet', isInMemory: false, freeBytes: 5e9 }),
  database: known({ isDurable: true }),
  otherInstallation: known(null),
};

const failing = (lines: readonly ReadinessLine[]): readonly string[] =>
  lines.filter(({ ok }) => !ok).map(({ id, class: kind }) => `${id} ${kind}`);
const judged = (
  change: Partial<ReadinessFacts>,
  other: Partial<ReadinessNeeds> = {},
): readonly ReadinessLine[] => readinessOf({ ...facts, ...change }, { ...needs, ...other });

test('an account that has everything is ready, a line for each check but the probe', () => {
  const lines = judged({});
  expect(failing(lines)).toEqual([]);
  expect(lines.map(({ id }) => id)).toEqual(Object.keys(checks).filter((id) => id !== 'probe'));
  expect(lines.every(({ found, remedy }) => found !== '' && remedy === null)).toBe(true);
});

test('every check has its row in docs/live.md', () => {
  const page = readFileSync(join(__dirname, '../../../docs/live.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([AB]) /gm)].map(([, id, kind]) => [id, kind]);
  expect(rows).toEqual(Object.entries(checks).map(([id, check]) => [id, check.class]));
});

const profile = (change: object): Partial<ReadinessFacts> => ({
  profile: facts.profile.known ? known({ ...facts.profile.value, ...change }) : facts.profile,
});
const address = (change: object): Partial<ReadinessFacts> => ({
  address: facts.address.known
    ? known({ ...facts.address.value, isStatic: false, ...change })
    : facts.address,
});

test.each<[string, Partial<ReadinessFacts>, Partial<ReadinessNeeds>, string, RegExp]>([
  [
    'another user',
    profile({ userId: 'AB9999' }),
    {},
    'user A',
    /of AB9999, but kiteUser is ZX1234/,
  ],
  ['no NSE', profile({ exchanges: ['BSE'] }), {}, 'segments A', /NSE not enabled/],
  ['no intraday product', profile({ products: ['CNC'] }), {}, 'products A', /MIS not enabled/],
  ['no consent', profile({ dematConsent: false }), {}, 'consent A', /not given/],
  [
    'strategies that nobody has chosen',
    {},
    { strategies: null },
    'strategies A',
    /strategies\.use is not written, and no strategy trades live that nobody has chosen/,
  ],
  ['no cash', { cash: known(paise(0)) }, {}, 'cash B', /₹0\.00/],
  [
    'a clock ahead',
    { clock: known({ aheadMin: 1_001, aheadMax: 2_400 }) },
    {},
    'clock A',
    /at least 1\.0 s ahead/,
  ],
  [
    'a clock behind',
    { clock: known({ aheadMin: -31_000, aheadMax: -29_400 }) },
    {},
    'clock A',
    /at least 29\.4 s behind/,
  ],
  [
    'another address, seen from outside',
    address({ address: '198.51.100.1' }),
    {},
    'address A',
    /leave from 198\.51\.100\.1, but staticAddress is 203\.0\.113\.7/,
  ],
  [
    'another public address of our own',
    address({ address: '8.8.4.4', seenBy: 'socket' }),
    {},
    'address A',
    /leave from 8\.8\.4\.4/,
  ],
  [
    'an address behind a router',
    address({ address: '192.168.1.5', seenBy: 'socket', isPublic: false }),
    {},
    'address B',
    /cannot be known/,
  ],
  [
    'a short list',
    { lists: known({ stocks: 999, withFutures: 210, missing: [] }) },
    {},
    'lists A',
    /999 stocks/,
  ],
  [
    'no futures',
    { lists: known({ stocks: 2_100, withFutures: 0, missing: [] }) },
    {},
    'lists A',
    /0 with futures/,
  ],
  [
    'a stock that is not listed',
    { lists: known({ stocks: 2_100, withFutures: 210, missing: ['NOSUCH'] }) },
    {},
    'lists A',
    /NOSUCH not listed/,
  ],
  ['a list that ends soon', {}, { date: '2026-12-02' }, 'calendar B', /ends on 2026-12-31/],
  [
    'no list of the year',
    {},
    { date: '2027-01-04', industriesAsOf: '2026-12-01' },
    'calendar A',
    /no list of holidays covers 2027-01-04/,
  ],
  ['old industries', {}, { industriesAsOf: '2025-11-26' }, 'industries B', /of 2025-11-26/],
  [
    'a receiver that fails',
    {
      receivers: known([
        { channel: 'a', failure: null },
        { channel: 'b', failure: 'said 503' },
      ]),
    },
    {},
    'receivers B',
    /^b: said 503$/,
  ],
  [
    'a folder in memory',
    { folder: known({ path: '/dev/shm/r', isInMemory: true, freeBytes: 5e9 }) },
    {},
    'stores A',
    /lost at a reboot/,
  ],
  [
    'a database without fsync',
    { database: known({ isDurable: false }) },
    {},
    'stores A',
    /power cut/,
  ],
  [
    'a database that is down',
    { database: unknown('refused') },
    {},
    'stores A',
    /cannot be written/,
  ],
  [
    'a full disk',
    { folder: known({ path: '/var', isInMemory: false, freeBytes: 9e8 }) },
    {},
    'disk B',
    /0\.9 GB free/,
  ],
  [
    'a second installation',
    { otherInstallation: known({ words: 'order 1 of installation ABC', isActive: true }) },
    {},
    'installation A',
    /order 1 of installation ABC/,
  ],
  [
    'one that has traded and stopped',
    { otherInstallation: known({ words: 'order 1 of installation ABC', isActive: false }) },
    {},
    'installation B',
    /none of its orders is live/,
  ],
])('%s is one line', (_, change, other, line, found) => {
  const lines = judged(change, other);
  expect(failing(lines)).toEqual([line]);
  const [bad] = lines.filter(({ ok }) => !ok);
  expect(bad?.found).toMatch(found);
  expect(bad?.remedy).toMatch(/\w{3}/);
});

test('what could not be read is ✗ with its reason', () => {
  const nothing = unknown('the broker did not say');
  const lines = judged({
    profile: nothing,
    cash: nothing,
    clock: nothing,
    address: nothing,
    lists: nothing,
    surveillance: nothing,
    receivers: nothing,
    folder: nothing,
    database: nothing,
    otherInstallation: nothing,
  });
  expect(lines.filter(({ ok }) => ok).map(({ id }) => id)).toEqual([
    'calendar',
    'strategies',
    'industries',
  ]);
  const told = lines.filter(({ ok, found }) => !ok && !/did not say|without a session/.test(found));
  expect(told).toEqual([]);
});

test('what does not apply says so: MIS alone, no address to compare, no receivers, a system not up yet', () => {
  const lines = judged(
    {
      ...profile({ dematConsent: false, products: ['MIS'] }),
      address: unknown('no line'),
      surveillance: known(null),
      receivers: known([]),
      database: null,
    },
    { products: ['MIS'], staticAddress: null, user: null },
  );
  expect(failing(lines)).toEqual([]);
  expect(lines.find(({ id }) => id === 'stores')?.found).toContain('comes with `ratchet up`');
});

test('paper asks nothing of the address, the age of lists, or a disk that lasts', () => {
  const lines = judged(
    {
      ...address({ address: '127.0.0.1', seenBy: 'socket', isPublic: false }),
      folder: known({ path: '/dev/shm/r', isInMemory: true, freeBytes: 5e9 }),
      database: known({ isDurable: false }),
    },
    { mode: 'paper', date: '2026-12-15', industriesAsOf: '2025-01-01' },
  );
  expect(failing(lines)).toEqual([]);
});

test('only faults of class A block entries', () => {
  const lines = judged({
    cash: known(paise(0)),
    clock: known({ aheadMin: 5_000, aheadMax: 6_000 }),
    ...address({ seenBy: 'socket', isPublic: false }),
  });
  expect(blockersOf(lines).map(({ id }) => id)).toEqual(['clock']);
});

describe('the clock', () => {
  const second = 1_000;
  const sample = (askedAt: number, tripMs: number, aheadMs: number, share: number) => ({
    askedAt: epochMs(askedAt),
    answeredAt: epochMs(askedAt + tripMs),
    told: epochMs(Math.floor((askedAt + Math.floor(tripMs * share) - aheadMs) / second) * second),
  });
  const ask = fc.record({
    gap: fc.integer({ min: 0, max: 3_000 }),
    trip: fc.integer({ min: 0, max: 4_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  test('the truth always lies within the bounds, and a clock that is right is never called wrong', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -60_000, max: 60_000 }),
        fc.array(ask, { minLength: 1, maxLength: 5 }),
        (aheadMs, asks) => {
          let at = 1_795_000_000_000;
          const samples = asks.map(({ gap, trip, share }) => {
            at += gap + trip;
            return sample(at, trip, aheadMs, share);
          });
          const bounds = clockBounds(samples);
          expect(bounds).not.toBeNull();
          if (bounds === null) return;
          expect(bounds.aheadMin).toBeLessThanOrEqual(aheadMs);
          expect(bounds.aheadMax).toBeGreaterThanOrEqual(aheadMs);
          expect(clockOffBy(bounds)).toBeLessThanOrEqual(Math.abs(aheadMs));
        },
      ),
    );
  });

  test('two seconds ahead are found with answers spread over a second', () => {
    const samples = [0, 230, 460, 690, 920].map((at) =>
      sample(1_795_000_000_000 + at, 20, 2_000, 0.5),
    );
    const bounds = clockBounds(samples);
    expect(bounds !== null && clockOffBy(bounds) > 1_000 && isClockDecided(bounds)).toBe(true);
  });

  test('a clock that was set meanwhile leaves nothing', () => {
    const early = sample(1_795_000_000_000, 10, 0, 0.5);
    expect(clockBounds([early, sample(1_795_000_001_000, 10, 5_000, 0.5)])).toBeNull();
  });
});

describe('the probe order', () => {
  const stock = {
    tradingsymbol: 'INFY',
    tickSize: paise(5),
    lastPrice: paise(100_000),
    volume: 1_000,
    band: { lower: paise(90_002), upper: paise(110_000) },
  };
  const at = epochMs(1_795_000_000_000);

  test('is one share of the most traded stock, at the foot of its band and on the grid', () => {
    const order = probeOrder(
      [stock, { ...stock, tradingsymbol: 'TCS', volume: 2_000 }, { ...stock, volume: 10 }],
      at,
    );
    expect(order).toMatchObject({
      tradingsymbol: 'TCS',
      side: 'BUY',
      quantity: shares(1),
      pricing: { kind: 'LIMIT', price: 90_005 },
    });
  });

  test('is not sent where the price is near the foot of the band', () => {
    const near = { ...stock, lastPrice: paise(92_000) };
    expect(probeOrder([near], at)).toBeNull();
    expect(probeOrder([], at)).toBeNull();
  });

  test('carries a tag the broker takes, that no position answers to', () => {
    const tag = probeOrder([stock], at)?.tag ?? '';
    const { alphabet, lengthMax } = brokerCapabilities.tag;
    expect(tag.length).toBeLessThanOrEqual(lengthMax);
    expect(tag.split('').every((letter) => alphabet.includes(letter))).toBe(true);
    expect([tag.startsWith('CHECK'), isIntentTag(tag)]).toEqual([true, false]);
  });

  test('is no finding of reconciliation while it rests, and a foreign share once it has traded', () => {
    const order = probeOrder([stock], at);
    const row = {
      ...(order ?? { tag: '' }),
      orderId: '7',
      tradingsymbol: 'INFY',
      side: 'BUY' as const,
      product: 'MIS',
      orderType: 'LIMIT',
      status: 'OPEN',
      statusMessage: null,
      quantity: shares(1),
      filledQuantity: shares(0),
      price: paise(90_005),
      trigger: paise(0),
      placedAt: at,
    };
    expect(compareBooks([row], new Map(), [])).toEqual([]);
    const bought = { ...row, status: 'COMPLETE', filledQuantity: shares(1) };
    expect(compareBooks([bought], new Map([['INFY/MIS', 1]]), [])).toEqual([
      { kind: 'foreign', tradingsymbol: 'INFY', quantity: 1 },
    ]);
  });

  test('answers and books are read for what they are', () => {
    const row = {
      orderId: '1',
      tradingsymbol: 'INFY',
      statusMessage: null,
      filledQuantity: shares(0),
    };
    const ofRow = (change: object): string | undefined =>
      bookedProbe({ ...row, status: 'OPEN', ...change })?.kind;
    expect(ofRow({})).toBeUndefined();
    expect(ofRow({ status: 'CANCELLED' })).toBe('proved');
    expect(ofRow({ status: 'REJECTED', statusMessage: 'no margin' })).toBe('refused');
    expect(ofRow({ status: 'CANCELLED', filledQuantity: shares(1) })).toBe('bought');
    const no = { kind: 'rejected', code: 'X', message: 'IP (1.2.3.4) is not allowed' } as const;
    expect(sentProbe({ ...no, because: 'address' })?.kind).toBe('addressRefused');
    expect(sentProbe(no)?.kind).toBe('refused');
    expect(sentProbe({ kind: 'turnedAway', message: 'too many' })?.kind).toBe('notSent');
    expect(sentProbe({ kind: 'inDoubt', message: 'lost' })).toBeNull();
    expect(lostProbe('CHECK1', null, 'lost').kind).toBe('inDoubt');
  });

  test.each<[Parameters<typeof judged>[0]['probe'], readonly CheckId[], RegExp]>([
    [{ kind: 'proved', orderId: '7' }, [], /order 7 was taken and cancelled/],
    [{ kind: 'addressRefused', brokerSaid: 'IP no' }, ['address', 'probe'], /IP no/],
    [{ kind: 'notSent', why: 'closed' }, ['probe'], /no order was sent: closed/],
    [{ kind: 'inDoubt', tag: 'CHECK1', why: 'lost' }, ['probe'], /NOT KNOWN.*CHECK1/],
    [{ kind: 'notCancelled', orderId: '7', why: 'OPEN' }, ['probe'], /order 7 is NOT known/],
    [
      { kind: 'bought', orderId: '7', tradingsymbol: 'INFY' },
      ['probe'],
      /BOUGHT one share of INFY/,
    ],
  ])('%j is told', (probe, lines, found) => {
    const told = judged(probe === undefined ? {} : { probe });
    expect(blockersOf(told).map(({ id }) => id)).toEqual(lines);
    expect(told.find(({ id }) => id === 'probe')?.found).toMatch(found);
  });
});
