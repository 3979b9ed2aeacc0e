// Goal: a folder of the user's becomes a strategy by its types, its imports and its declaration; what is wrong is one
// sentence with file and line. The hash says which code it is, on any machine.
import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '../../../domain/errors';
import { loadConfig, type RatchetConfig } from '../../../infra/config/config';
import { loadedWith, readStrategy } from '../../../infra/strategies/loaded';
import { openLiveVoters, openVoters, recordedVoters } from '../../../infra/strategies/open';
import { ApartVoters } from '../../../infra/strategies/apartVoters';
import { checkTypes } from '../../../infra/strategies/typeCheck';
import { buys, sessionOf, strategyText, StrategyFolder, viewOf } from '../../support/strategies';

const folder = new StrategyFolder();
afterAll(() => folder.remove());

const refusal = async (work: () => Promise<unknown>): Promise<string> => {
  const error: unknown = await work().then(
    () => new Error('accepted'),
    (refused: unknown) => refused,
  );
  if (!(error instanceof Refused)) throw error;
  expect(error.message).not.toContain('\n');
  return `${error.code} ${error.message}`;
};
const reading = (name: string, text: string, beside = {}): Promise<string> =>
  refusal(() => readStrategy({ name, folder: folder.write(name, text, beside) }));

test.each([
  ['fs', `import { readFileSync } from 'fs'; void readFileSync;`],
  ['node:fs', `import 'node:fs';`],
  ['zod', `import { z } from 'zod'; void z;`],
  ['../other/strategy', `import other from '../other/strategy'; void other;`],
  ['/etc/hostname', `import '/etc/hostname';`],
  ['ratchet/domain', `import 'ratchet/domain';`],
  ['./nowhere', `import './nowhere';`],
])('importing %s is refused by its name', async (what, line) => {
  folder.write('other', strategyText(buys));
  expect(await reading('imports', strategyText(buys, line))).toBe(
    `STRATEGY_CODE imports/strategy.ts:2: it imports "${what}", but only ratchet/strategy and files in its own folder may be imported`,
  );
});

test('a link out of the folder is no file in it, and require finds nothing', async () => {
  folder.write('other', strategyText(buys), { 'far.ts': 'export const far = 1;' });
  const place = folder.write(
    'linked',
    strategyText(buys, `import { far } from './far'; void far;`),
  );
  symlinkSync(join(folder.path, 'other', 'far.ts'), join(place, 'far.ts'));
  expect(await refusal(() => readStrategy({ name: 'linked', folder: place }))).toContain(
    'it imports "./far"',
  );
  const requires = strategyText(
    `return null;`,
    `declare const require: (name: string) => void; require('node:fs');`,
  );
  expect(await reading('requires', requires)).toContain(
    'requires/strategy.ts:2: it imports "node:fs"',
  );
});

test.each([
  [
    'no-export',
    'export const nothing = 1;',
    'no-export: it has no `export default defineStrategy({ … })`',
  ],
  [
    'throws-at-load',
    strategyText(buys, `throw new Error('at once');`),
    'throws-at-load/strategy.ts:2: at once',
  ],
  [
    'reads-clock',
    strategyText(buys, 'const now = Date.now(); void now;'),
    'reads-clock/strategy.ts:2: it reads the clock (Date)',
  ],
  [
    'never',
    strategyText(buys, 'for (;;) {}'),
    'never: it did not come back within 5 s while it was loaded',
  ],
  [
    'no-sentence',
    strategyText(buys).replace("'A test.'", "''"),
    'no-sentence: sentence must be a text of 1 to 300 characters, was ""',
  ],
  [
    'bad-default',
    strategyText(buys).replace(
      'parameters: {}',
      `parameters: { bars: { kind: 'integer', meaning: 'Bars.', default: 3, least: 5, most: 9 } }`,
    ),
    'bad-default: the default of bars must be a whole number between 5 and 9, was 3',
  ],
  [
    'bad-kind',
    strategyText(buys).replace('parameters: {}', `parameters: { bars: { kind: 'list' } }`),
    'bad-kind: parameters.bars.kind must be one of "number", "integer", "optional", "choice", "flag"',
  ],
])('%s is refused in one sentence', async (name, text, words) => {
  expect(await reading(name, text)).toContain(`STRATEGY_DECLARATION ${words}`);
});

test('what is no TypeScript, and what does not pass the type check, has its line', async () => {
  expect(await reading('broken', 'export default {\n  vote: (\n')).toMatch(
    /^STRATEGY_CODE broken\/strategy\.ts:\d: Unexpected/,
  );
  const checking = (name: string, text: string): Promise<string> =>
    refusal(() => checkTypes([{ name, folder: folder.write(name, text) }]));
  expect(await checking('typo', strategyText('return view.bar.closed > 1 ? null : null;'))).toBe(
    "STRATEGY_TYPES typo/strategy.ts:4: Property 'closed' does not exist on type 'IndicatorSnapshot'. Did you mean 'close'?",
  );
  expect(
    await checking('maybe', strategyText('return view.bars[0].close > 1 ? null : null;')),
  ).toContain("STRATEGY_TYPES maybe/strategy.ts:4: Object is possibly 'undefined'");
  expect(await checking('node', strategyText('process.exit(); return null;'))).toContain(
    "node/strategy.ts:4: Cannot find name 'process'",
  );
});

test('the hash is of the code alone: not of its place or name, but of every file and what ratchet gives it', async () => {
  const beside = { 'sum.ts': 'export const sum = (a: number, b: number): number => a + b;' };
  const text = strategyText(
    `return sum(1, view.bar.close) < 0 ? null : null;`,
    `import { sum } from './sum';`,
  );
  const hashOf = async (name: string, path: string): Promise<string> =>
    (await readStrategy({ name, folder: path })).code.hash;
  const first = folder.write('hashed', text, beside);
  const hash = await hashOf('hashed', first);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  const second = new StrategyFolder();
  expect(await hashOf('elsewhere', second.write('elsewhere', text, beside))).toBe(hash);
  second.remove();
  const { code } = await readStrategy({ name: 'hashed', folder: first });
  expect(code.code + code.map).not.toContain(folder.path);
  writeFileSync(join(first, 'sum.ts'), beside['sum.ts'].replace('a + b', 'a - b'));
  expect(await hashOf('hashed', first)).not.toBe(hash);
});

describe('a configuration', () => {
  const configured = (strategies: Partial<RatchetConfig['strategies']>): RatchetConfig => {
    const config = loadConfig();
    return { ...config, strategies: { ...config.strategies, folder: folder.path, ...strategies } };
  };
  const ranged = strategyText(buys).replace(
    'parameters: {}',
    `parameters: { bars: { kind: 'integer', meaning: 'Bars.', default: 6, least: 5, most: 9 } }`,
  );

  test('that names nobody has the five agents, and asks no strategy of the user’s', async () => {
    const { voters, decision } = await openVoters(configured({}));
    expect(voters.strategies).toEqual([]);
    expect(decision).toEqual(loadConfig().decision);
  });

  test('uses agents and strategies by name, with values and weights', async () => {
    folder.write('ranged', ranged);
    const weights = { trending: 2, ranging: 1, volatile: 0.5 };
    const { voters, decision } = await openVoters(
      configured({
        use: ['trend', 'ranged'],
        parameters: { ranged: { bars: 8 } },
        weights: { ranged: weights },
      }),
    );
    const hash = voters.strategies[0]?.hash ?? '';
    const use = { name: 'ranged', hash, values: { bars: 8 }, weights };
    expect(voters.strategies).toEqual([use]);
    expect(decision.strategies).toEqual([use]);
    expect(Object.keys(decision.weights.trending)).toEqual(['trend']);
  });

  test.each([
    [
      { use: ['trnd'] },
      'STRATEGY_UNKNOWN strategies.use: "trnd" is neither a shipped agent nor a strategy in FOLDER; did you mean trend?',
    ],
    [{ use: ['rangd'] }, 'did you mean ranged?'],
    [
      { parameters: { ranged: { bars: 3 } }, use: ['ranged'] },
      'STRATEGY_PARAMETERS strategies.parameters.ranged: bars must be a whole number between 5 and 9, was 3',
    ],
    [
      { parameters: { ranged: { barz: 6 } }, use: ['ranged'] },
      'barz is not a known key; did you mean bars?',
    ],
    [
      { parameters: { rangd: {} } },
      'STRATEGY_PARAMETERS strategies.parameters.rangd is not a strategy of yours; did you mean ranged?',
    ],
    [
      { parameters: { trend: {} } },
      'is a shipped agent, which decision.agents and decision.weights configure',
    ],
  ] satisfies [Partial<RatchetConfig['strategies']>, string][])(
    '%j is refused',
    async (strategies, words) => {
      folder.write('ranged', ranged);
      const said = await refusal(() => openVoters(configured(strategies)));
      expect(said.replace(folder.path, 'FOLDER')).toContain(words);
    },
  );

  test('a worker runs although a strategy cannot be used: its votes say why', async () => {
    folder.write('unreadable', 'export default {');
    const { voters, decision } = await openLiveVoters(configured({ use: ['unreadable', 'trend'] }));
    const view = viewOf(sessionOf('2026-11-20', [{}]));
    const [[said] = []] = await voters.votes([view]);
    expect(said).toMatchObject({ agent: 'unreadable', broken: true, hash: '0'.repeat(16) });
    expect(said?.reason).toContain('unreadable/strategy.ts:1: ');
    expect(decision.strategies?.map(({ name }) => name)).toEqual(['unreadable']);
    if (voters instanceof ApartVoters) await voters.close();
    // One that takes all memory while it is loaded takes that of a process of its own.
    const kept = 'const kept: unknown[] = []; for (;;) kept.push(new Array(2 ** 24).fill(0.5));';
    folder.write('swallows', strategyText(buys, kept));
    const swallowing = await openLiveVoters(configured({ use: ['swallows'] }));
    const [[swallowed] = []] = await swallowing.voters.votes([view]);
    expect(swallowed?.reason).toContain('swallows: it took more than 256 MB of memory');
  });

  test('a recorded day’s strategies are loaded with its values; what is gone is left out', async () => {
    const path = folder.write('kept', ranged);
    const { use } = loadedWith(await readStrategy({ name: 'kept', folder: path }), {
      values: { bars: 9 },
    });
    const gone = { ...use, name: 'gone' };
    expect((await recordedVoters(folder.path, [gone, use])).strategies).toEqual([use]);
    renameSync(path, join(folder.path, 'moved'));
    expect((await recordedVoters(folder.path, [use])).strategies).toEqual([]);
  });
});
