// Goal: onnxruntime reports nothing to its maker, neither from a scorer nor from another process of ours that
// loads it. Method: both run with a home and a temporary folder of their own, which stay without a file; where
// strace is there, the second one's connections and look-ups are watched too.
import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startModelServer } from '../../serving/index';
import { call, features, scores } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const checkout = join(__dirname, '..', '..');
const own = mkdtempSync(join(tmpdir(), 'ratchet-telemetry-'));

afterAll(() => rmSync(own, { recursive: true, force: true }));

/** Without what the hook that runs sources keeps. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.includes('swc-native'));

const onLinux = existsSync('/proc/self/cwd') ? test : test.skip;

onLinux('a scorer that has loaded and scored has written no file', async () => {
  const folder = new ModelFolder();
  folder.add('quality', '1', logisticModel([1], 0), logisticConfig(1));
  const server = await startModelServer({ ...folder.served });
  try {
    const url = `${server.url}/v2/models/quality/infer`;
    expect(scores(await call(url, 'POST', features([1])))).toHaveLength(1);
    const pid = server.registry.route('quality').scorerPids[0] ?? 0;
    const scratch = readlinkSync(`/proc/${pid}/cwd`);
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    expect(environment).toEqual(
      expect.arrayContaining(['ORT_DISABLE_TELEMETRY=1', `TMPDIR=${scratch}`]),
    );
    expect(scratch).toContain('ratchet-scorer-');
    expect(filesIn(scratch)).toEqual([]);
  } finally {
    await server.close();
    folder.remove();
  }
});

/** Loads the shipped model as a backtest does, and scores. */
const backtestScore =
  'require("./backtest/signalModel.ts").loadSignalModel("1")' +
  '.then((model) => model.score([new Array(24).fill(0.1)])).then(([score]) => console.log(score));';
const nodeArguments = ['--require', './infra/sourceHook.cjs', '-e', backtestScore];

function quietEnvironment(name: string): { home: string; env: NodeJS.ProcessEnv } {
  const home = join(own, name);
  mkdirSync(home);
  return { home, env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: home } };
}

test('a process that loads the library itself writes no file either, whatever the caller’s switch says', async () => {
  const { home, env } = quietEnvironment('backtest');
  const { stdout } = await promisify(execFile)(process.execPath, nodeArguments, {
    cwd: checkout,
    env: { ...env, ORT_DISABLE_TELEMETRY: '0' },
  });
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(filesIn(home)).toEqual([]);
});

const strace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']);
const canWatch = strace.error === undefined && strace.status === 0;
const title = 'it looks no name up and connects to no network';

if (canWatch) {
  test(title, async () => {
    const { home, env } = quietEnvironment('watched');
    const trace = join(own, 'trace');
    const watched = ['-f', '-o', trace, '-e', 'trace=connect,sendto,sendmsg,sendmmsg,openat'];
    const command = [...watched, process.execPath, ...nodeArguments];
    await promisify(execFile)('strace', command, { cwd: checkout, env });
    const calls = readFileSync(trace, 'utf8').split('\n');
    // The trace is of the right process.
    expect(calls.some((line) => line.includes('model.onnx'))).toBe(true);
    expect(calls.filter((line) => /AF_INET|resolv\.conf|mat-debug|Microsoft/.test(line))).toEqual(
      [],
    );
    expect(filesIn(home)).toEqual([]);
  });
} else {
  test.skip(`${title} (skipped: strace is not there or may not watch)`, () => undefined);
}
