// An A/B test over HTTP as a caller runs it: keys stick to their version, outcomes are reported by key, and
// they decide the last step. The statistics are tested in test/domain/rollout.
import { startModelServer, type ModelServer } from '../../serving/index';
import { call, features, type Answer } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const admin = 'a'.repeat(40);
const headers = { Authorization: `Bearer ${admin}` };
const outcomes = 'o'.repeat(40);
const teller = { Authorization: `Bearer ${outcomes}` };
const signed = { by: 'tester', reason: 'a test' };
const policy = {
  minSamples: 1,
  minStepMs: 0,
  canaryPercents: [50],
  outcomeKeys: 50,
  latencyMinSamples: 100_000,
  driftMinSamples: 100_000,
};
const keys = Array.from({ length: 240 }, (_, index) => `customer-${index}`);

let folder: ModelFolder;
let server: ModelServer;

beforeEach(async () => {
  folder = new ModelFolder();
  folder.add('quality', '1', logisticModel([1, 1], 0), logisticConfig(2));
  const limits = { judgeEveryMs: 3_600_000 };
  server = await startModelServer({ ...folder.served, tokens: { admin, outcomes }, limits });
  folder.add('quality', '2', logisticModel([1, 1.01], 0), logisticConfig(2));
});
afterEach(async () => {
  await server.close();
  folder.remove();
});

const rollout = (): Promise<Answer> =>
  call(`${server.url}/v2/admin/models/quality/rollout`, 'GET', undefined, headers);
const tell = (routing_key: string, success: boolean, as = teller): Promise<Answer> =>
  call(`${server.url}/v2/models/quality/outcomes`, 'POST', { routing_key, success }, as);
/** Each with an input of its own: what comes from the cache is no evidence. */
let asked = 0;
const ask = (key: string, as: Record<string, string> = teller): Promise<Answer> => {
  asked += 1;
  const body = features([(asked % 1_000) / 1_000, 1]);
  const sent = { 'x-routing-key': key, ...as };
  return call(`${server.url}/v2/models/quality/infer`, 'POST', body, sent);
};
const variantOf = ({ headers: got }: Answer): string => got.get('x-model-variant') ?? '';
const wants = ({ body }: Answer): boolean =>
  (body as { parameters: { outcome_wanted?: boolean } }).parameters.outcome_wanted === true;

async function judged(): Promise<{ kind: string; reason?: string }> {
  server.rollouts.judgeAll();
  return ((await rollout()).body as { phase: { kind: string; reason?: string } }).phase;
}

/** Starts the rollout and lets it leave the shadow. The id is the salt, so every run splits the keys alike. */
async function startTrial(more: object = {}): Promise<void> {
  const body = { candidate: '2', id: 'a fixed salt', policy: { ...policy, ...more }, ...signed };
  await call(`${server.url}/v2/admin/models/quality/rollout`, 'POST', body, headers);
  expect(wants(await ask('before the test'))).toBe(false);
  while ((await judged()).kind !== 'canary') await ask('before the test');
}

/** Asks for every key; says who answered each. */
async function askAll(): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(keys.map(async (key) => [key, await ask(key)] as const));
  expect(answers.every(([, answer]) => wants(answer))).toBe(true);
  return new Map(answers.map(([key, answer]) => [key, variantOf(answer)]));
}

/** Tells an outcome for each: of ten in a row, as many of a version turn out well as given. */
async function tellAll(
  arms: ReadonlyMap<string, string>,
  wellOfTen: Readonly<Record<string, number>>,
): Promise<void> {
  const told: Record<string, number> = {};
  for (const [key, variant] of arms) {
    const before = told[variant] ?? 0;
    told[variant] = before + 1;
    const reply = await tell(key, before % 10 < (wellOfTen[variant] ?? 0));
    const arm = variant === 'canary' ? 'candidate' : 'stable';
    expect(reply.body).toEqual({ counted: true, arm });
  }
}

test('keys stick to their version, in every order and however often they ask', async () => {
  await startTrial();
  const first = await askAll();
  const second = await askAll();
  expect(second).toEqual(first);
  const canaries = [...first.values()].filter((variant) => variant === 'canary').length;
  expect(canaries).toBeGreaterThan(90);
  expect(canaries).toBeLessThan(150);
});

test.each([
  ['a better candidate is promoted', { canary: 8, stable: 4 }, 'promoted', undefined],
  ['a worse candidate is rolled back', { canary: 4, stable: 8 }, 'rolledBack', /outcomes 4/],
  ['one that is neither pauses for a person', { canary: 6, stable: 6 }, 'paused', /no winner/],
] as const)('%s', async (...[, wellOfTen, kind, reason]) => {
  await startTrial();
  await tellAll(await askAll(), wellOfTen);
  const phase = await judged();
  expect(phase.kind).toBe(kind);
  if (reason !== undefined) expect(phase.reason).toMatch(reason);
  const serving = kind === 'promoted' ? '2' : '1';
  const answers = await Promise.all(keys.slice(0, 20).map((key) => ask(key)));
  expect(new Set(answers.map((each) => each.headers.get('x-model-version')))).toEqual(
    new Set([serving]),
  );
});

test('outcomes the split can not explain pause it', async () => {
  await startTrial();
  const arms = await askAll();
  const stable = [...arms].filter(([, variant]) => variant === 'stable').slice(0, 55);
  const canary = [...arms].filter(([, variant]) => variant === 'canary');
  await tellAll(new Map([...canary, ...stable]), { canary: 8, stable: 4 });
  expect(await judged()).toMatchObject({
    kind: 'paused',
    reason: expect.stringMatching(/split can not explain/) as string,
  });
});

test('too few outcomes decide nothing', async () => {
  await startTrial();
  await tellAll(new Map([...(await askAll())].slice(0, 60)), { canary: 10, stable: 0 });
  expect((await judged()).kind).toBe('canary');
});

test('an outcome told twice is counted once', async () => {
  await startTrial();
  await ask('once');
  expect((await tell('once', true)).body).toMatchObject({ counted: true });
  expect((await tell('once', true)).body).toEqual({ counted: false });
  expect((await tell('once', false)).body).toEqual({ counted: false });
  const { evidence } = (await rollout()).body as {
    evidence: { outcomes: Record<'candidate' | 'stable', { keys: number; successes: number }> };
  };
  const { candidate, stable } = evidence.outcomes;
  expect([candidate.keys + stable.keys, candidate.successes + stable.successes]).toEqual([1, 1]);
});

test('nobody without the token for outcomes has a say in the test', async () => {
  await startTrial();
  for (const key of keys.slice(0, 100)) {
    const answer = await ask(key, {});
    expect(wants(answer)).toBe(false);
    const success = variantOf(answer) === 'canary';
    for (const as of [{ Authorization: '' }, { Authorization: 'Bearer wrong' }, headers]) {
      expect([401, 403, 429]).toContain((await tell(key, success, as)).status);
    }
    // Nor does the teller's token count for what somebody else had scored.
    expect((await tell(key, success)).status).toBe(409);
  }
  expect(await judged()).toMatchObject({ kind: 'canary' });
  const metrics = (await call(`${server.url}/metrics`, 'GET')).body as string;
  expect(metrics).toContain('ratchet_model_outcomes_refused_total{model="quality"} 100\n');
});

test('a key that was never answered is refused with a sentence', async () => {
  await startTrial();
  expect(await tell('a stranger', true)).toMatchObject({
    status: 409,
    body: {
      error: 'routing_key "a stranger" was not scored with this token in this step of the rollout.',
    },
  });
  expect(await tell('', true)).toMatchObject({ status: 400 });
});

test('where no A/B test runs, nobody waits for outcomes and none is counted', async () => {
  expect(wants(await ask('early'))).toBe(false);
  expect(await tell('early', true)).toMatchObject({ status: 200, body: { counted: false } });
  await startTrial({ outcomeKeys: 0, canaryPercents: [50, 60] });
  expect(wants(await ask('early'))).toBe(false);
  expect(await tell('early', true)).toMatchObject({ status: 200, body: { counted: false } });
});
