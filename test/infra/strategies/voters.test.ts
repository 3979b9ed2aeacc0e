// Goal: strategies are asked with bounded time and harm nothing but their own vote: each way to be broken is one
// sentence, one that goes on being broken is benched, and the process beside a worker gives the same votes as this process.
import fc from 'fast-check';
import type { IndicatorSnapshot } from '../../../domain/indicators';
import { marketViews, type MarketView, type StrategyVote } from '../../../domain/strategy';
import type { LoadedStrategy } from '../../../infra/strategies/loaded';
import { SandboxedVoters } from '../../../infra/strategies/sandboxedVoters';
import { ApartVoters } from '../../../infra/strategies/apartVoters';
import { news } from '../../domain/bars';
import { buys, sessionOf, strategyText, StrategyFolder, viewOf } from '../../support/strategies';

const folder = new StrategyFolder();
afterAll(() => folder.remove());

const date = '2026-11-20';
const day = sessionOf(
  date,
  Array.from({ length: 12 }, () => ({})),
);
const viewAt = (at: number): MarketView => viewOf(day.slice(0, at + 1));
/** A strategy that hangs is given less time than usual, so that the test is not slow. */
const maxMs = 400;

const vote = async (loaded: LoadedStrategy, at = 3): Promise<StrategyVote | undefined> =>
  (await new SandboxedVoters([loaded], { maxMs }).votes([viewAt(at)]))[0]?.[0];

describe('each way to be broken is one sentence', () => {
  const stop = 'stop: view.bar.close - 500';
  const outside = 'it reaches outside its sandbox';
  const broken: readonly (readonly [name: string, vote: string, words: string])[] = [
    ['throws', `throw new Error('no luck');`, 'throws/strategy.ts:4: no luck'],
    [
      'throws-otherwise',
      `const none: number[] = []; return none[1]!.toFixed(1) as never;`,
      "throws-otherwise/strategy.ts:4: TypeError: Cannot read properties of undefined (reading 'toFixed')",
    ],
    ['throws-text', `throw 'words';`, 'it threw words'],
    [
      'loops',
      'for (;;);',
      'it did not come back within 0.4 s; it is left out for the rest of the session',
    ],
    [
      'regexp',
      `return /^(a+)+$/.test('a'.repeat(60) + 'b') ? null : null;`,
      'it did not come back within 0.4 s; it is left out for the rest of the session',
    ],
    [
      'nan',
      `return { action: 'BUY', confidence: 0 / 0, reason: 'x', ${stop} };`,
      'confidence must be a number above 0 and at most 1, was NaN',
    ],
    [
      'nan-stop',
      `return { action: 'BUY', confidence: 1, reason: 'x', stop: NaN };`,
      'stop must be a price in paise below the close 200000, was NaN',
    ],
    [
      'wrong-side',
      `return { action: 'SELL', confidence: 1, reason: 'x', ${stop} };`,
      'stop must be a price in paise above the close 200000, was 199500',
    ],
    [
      'wrong-type',
      `return { action: 'HOLD', confidence: 1, reason: 'x', ${stop} } as never;`,
      'action must be "BUY" or "SELL", was "HOLD"',
    ],
    ['number', 'return 7 as never;', 'an answer must be an object or null, was 7'],
    [
      'promise',
      'return Promise.resolve(null) as never;',
      'promise/strategy.ts:4: it puts something off (Promise), but a strategy answers at once',
    ],
    [
      'async',
      'return (async () => { throw new Error("later"); })() as never;',
      'it puts something off (Promise), but a strategy answers at once',
    ],
    [
      'imports-later',
      `const name = 'node:fs'; void import(name); return null;`,
      'it puts something off (Promise), but a strategy answers at once',
    ],
    [
      'clock',
      'return Date.now() > 0 ? null : null;',
      'clock/strategy.ts:4: it reads the clock (Date), but a strategy knows the time only from bar.barAt and minutesSinceOpen',
    ],
    [
      'chance',
      'return Math.random() > 2 ? null : null;',
      'chance/strategy.ts:4: it reads chance (Math.random), but the same view must give the same answer',
    ],
    [
      'language',
      'return view.bar.close.toLocaleString() === "" ? null : null;',
      "language/strategy.ts:4: it reads the machine's language (toLocaleString), which is another elsewhere; write with toFixed",
    ],
    ...['process', 'performance', 'setTimeout', 'SharedArrayBuffer', 'WebAssembly'].map(
      (name) =>
        [
          `global-${name.toLowerCase()}`,
          `void (globalThis as never)['${name}']; return null;`,
          name === 'performance' ? 'it reads the clock (performance)' : `${outside} (${name})`,
        ] as const,
    ),
    [
      'code-from-text',
      `return new Function('return process')() as never;`,
      'EvalError: Code generation from strings disallowed for this context',
    ],
    [
      'constructor',
      `return view.bars.constructor.constructor('return process')() as never;`,
      'EvalError: Code generation from strings disallowed for this context',
    ],
    [
      'changes-view',
      `(view.bars as unknown[])[0] = null; return null;`,
      "TypeError: Cannot assign to read only property '0' of object '[object Array]'",
    ],
  ];
  test.each(broken)('%s', async (name, text, words) => {
    const said = await vote(await folder.load(name, strategyText(text)));
    expect(said).toMatchObject({ action: 'NONE', confidence: 0, broken: true });
    expect(said?.reason).toContain(`${name} is broken: `);
    expect(said?.reason).toContain(words);
    expect(said?.reason).not.toContain('\n');
  });
});

test('the others vote on, and what is broken is not asked a fourth time', async () => {
  const well = await folder.load('well', strategyText(buys));
  const bad = await folder.load(
    'bad',
    strategyText(`throw new Error('on ' + view.session.length);`),
  );
  const voters = new SandboxedVoters([bad, well], { maxMs });
  const reasons: string[] = [];
  for (let at = 0; at < 5; at += 1) {
    const [votes = []] = await voters.votes([viewAt(at)]);
    expect(votes[1]).toMatchObject({ agent: 'well', action: 'BUY', stop: 199_500 });
    expect(votes[1]?.hash).toMatch(/^[0-9a-f]{16}$/);
    reasons.push(votes[0]?.reason ?? '');
  }
  expect(reasons.slice(0, 3)).toEqual([
    'bad is broken: bad/strategy.ts:4: on 1',
    'bad is broken: bad/strategy.ts:4: on 2',
    'bad is broken: bad/strategy.ts:4: on 3',
  ]);
  const benched =
    'bad is broken: it was broken on 3 bars, at last: bad/strategy.ts:4: on 3; it is left out for the rest of the session';
  expect(reasons.slice(3)).toEqual([benched, benched]);
  // The next session begins anew.
  const [[next] = []] = await voters.votes([viewOf(sessionOf('2026-11-23', [{}]))]);
  expect(next?.reason).toBe('bad is broken: bad/strategy.ts:4: on 1');
});

test('own indicators are given each bar once, and the bars upside down for the mirrored rule', async () => {
  const text = `import { defineStrategy, integer } from 'ratchet/strategy';
export default defineStrategy({
  sentence: 'Sums.', parameters: { times: integer({ meaning: 'Factor.', default: 2, least: 1, most: 9 }) },
  indicators: { sum: ({ times }) => { let sum = 0; return (bar) => (sum += times * bar.close); } },
  vote: ({ own, ownMirrored, bars }) => ({ action: 'BUY', confidence: 1, stop: 1,
    reason: [bars.length, own['sum']?.length, own['sum']?.at(-1), ownMirrored['sum']?.at(-1)].join(' ') }),
});`;
  const loaded = await folder.load('sums', text, { times: 3 });
  const voters = new SandboxedVoters([loaded]);
  const reasons: (string | undefined)[] = [];
  for (const at of [0, 1, 4, 2]) reasons.push((await voters.votes([viewAt(at)]))[0]?.[0]?.reason);
  expect(reasons).toEqual(
    [0, 1, 4, 2].map((at) => {
      const sum = (at + 1) * 3 * 200_000;
      return `${at + 1} ${at + 1} ${sum} ${-sum}`;
    }),
  );
});

describe('in a process of their own', () => {
  test('a strategy that takes all memory is benched, and the others vote on the same bar', async () => {
    const well = await folder.load('well-too', strategyText(buys));
    const greedy = await folder.load(
      'greedy',
      strategyText(
        `kept.push(...Array.from({ length: 1e6 }, () => [view])); return view.bar.close < 0 ? null : again();`,
        'const kept: unknown[] = []; function again(): null { for (;;) kept.push(new Array(2 ** 24).fill(0.5)); }',
      ),
    );
    const voters = new ApartVoters([greedy, well], { maxMs: 20_000, memoryMb: 48 });
    const [votes = []] = await voters.votes([viewAt(2)]);
    expect(votes.map(({ agent, broken = false }) => [agent, broken])).toEqual([
      ['greedy', true],
      ['well-too', false],
    ]);
    expect(votes[0]?.reason).toBe(
      'greedy is broken: it took more than 48 MB of memory; it is left out for the rest of the session',
    );
    expect((await voters.votes([viewAt(3)]))[0]?.[1]?.action).toBe('BUY');
    await voters.close();
  });

  test('what cannot be used says why on every bar', async () => {
    const why = 'it is gone';
    const use = {
      name: 'gone',
      hash: '0'.repeat(16),
      values: {},
      weights: { trending: 1, ranging: 1, volatile: 1 },
    };
    const voters = new ApartVoters([{ use, why }]);
    const [[said] = []] = await voters.votes([viewAt(1)]);
    expect(said).toMatchObject({ agent: 'gone', broken: true });
    expect(said?.reason).toContain(why);
  });

  test('the same views give the same votes as in this process', async () => {
    const loaded = [
      await folder.load(
        'turns',
        strategyText(`const [last, before] = [view.bar.close, view.session.at(-2)?.close ?? 0];
  if (view.universe.length > 1 && last > before) ${buys}
  return last < before ? { action: 'SELL', confidence: 0.5, reason: view.tradingsymbol + view.minutesSinceOpen, stop: last + 1 } : null;`),
      ),
      await folder.load(
        'sometimes',
        strategyText(`if (view.bar.close % 7 === 0) throw new Error('seven'); return null;`),
      ),
    ];
    const here = new SandboxedVoters(loaded);
    const there = new ApartVoters(loaded);
    const closes = fc.array(fc.integer({ min: 199_000, max: 201_000 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(closes, closes, async (one, other) => {
        const bars = (of: readonly number[]): IndicatorSnapshot[] =>
          sessionOf(
            date,
            of.map((close) => ({ close })),
          );
        const stocks = [
          { tradingsymbol: 'ONE', bars: bars(one), news: news(0, 0) },
          { tradingsymbol: 'OTHER', bars: bars(other), news: news(0.2, 0.5) },
        ];
        const views = marketViews(stocks, null);
        expect(await there.votes(views)).toEqual(await here.votes(views));
      }),
      { numRuns: 30 },
    );
    await there.close();
  });
});
