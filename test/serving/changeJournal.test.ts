// What survives a restart: the version that was stable, and who changed it. A version that merely lies in
// the folder is not served by restarting.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../serving/index';
import { ChangeJournal } from '../../serving/rollout/changeJournal';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

let folder: ModelFolder;
let state: string;
const start = (): Promise<ModelServer> => startModelServer({ ...folder.served, state });
const begin = {
  model: 'quality',
  candidate: '2',
  policy: {},
  by: 'tester',
  reason: 'trial',
  conductor: 'server',
} as const;

beforeEach(() => {
  folder = new ModelFolder();
  state = mkdtempSync(join(tmpdir(), 'ratchet-state-'));
  folder.add('quality', '1', logisticModel([1], 0), logisticConfig(1));
});
afterEach(() => {
  folder.remove();
  rmSync(state, { recursive: true });
});

test('a restart during a rollout serves the old version; after a promotion, the new one', async () => {
  const first = await start();
  folder.add('quality', '2', logisticModel([2], 0), logisticConfig(1));
  await first.rollouts.start(begin);
  await first.close();
  const second = await start();
  expect(second.registry.model('quality').stable).toBe('1');
  await second.rollouts.start(begin);
  second.rollouts.act('quality', { kind: 'promote', reason: 'good' }, 'tester');
  await second.close();
  const third = await start();
  expect(third.registry.model('quality').stable).toBe('2');
  await third.close();
  const lines = readFileSync(join(state, 'changes.jsonl'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { by: 'tester', change: 'started', reason: 'trial', stable: '1' },
    { by: 'tester', change: 'started', stable: '1' },
    { by: 'tester', change: 'promoted', reason: 'good', stable: '2' },
  ]);
});

test('a last line cut off by a crash is passed over; a broken line before it stops the start', async () => {
  const path = join(state, 'changes.jsonl');
  appendFileSync(path, '{"model":"quality","stable":"1"}\n{"model":"qua');
  const journal = new ChangeJournal(state);
  expect(await journal.stableVersions()).toEqual(new Map([['quality', '1']]));
  appendFileSync(path, '{"model":"quality","stable":"2"}\n');
  expect(await journal.stableVersions()).toEqual(new Map([['quality', '2']]));
  appendFileSync(path, '{"model":\n{"model":"quality","stable":"3"}\n');
  await expect(journal.stableVersions()).rejects.toThrow(/line 3/);
});
