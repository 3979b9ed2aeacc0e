// Goal: what our processes write can be read by their owner only, and what an older version left open is closed.
// Method: real processes started under a mask that would leave everything open; every path of their folders is looked
// at, and as root another account tries to read.
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { checkout, readToolchain } from '../../infra/checkout';
import { privateHome } from '../../infra/privateFiles';
import { freePort } from '../../infra/freePort';
import { startDevServer } from '../../infra/temporal/devServer';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'ratchet-private-'));

/** Paths under a folder that somebody else may read, write or enter. */
function openPaths(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => {
      const entry = lstatSync(path);
      return !entry.isSymbolicLink() && (entry.mode & 0o077) !== 0;
    });
}

const withOpenMask = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = process.umask(0o022);
  try {
    return await work();
  } finally {
    process.umask(before);
  }
};

/** Runs an entry point until it is ready, then ends it. */
function started(script: string, args: readonly string[]): Promise<void> {
  return withOpenMask(async () => {
    const child = spawn(
      process.execPath,
      ['-r', join(checkout, 'infra/sourceHook.cjs'), join(checkout, script), ...args],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('{') && resolve());
      child.once('exit', (code) => reject(new Error(`${script} ended with ${String(code)}`)));
    });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  });
}

describe('what a process writes', () => {
  test('the exchange: journal and books', async () => {
    const folder = fresh();
    const files = [
      '--journal',
      join(folder, 'journal.jsonl'),
      '--books',
      join(folder, 'books.json'),
    ];
    await started('exchange/main.ts', ['--date', '2026-11-20', '--held', ...files]);
    expect(readdirSync(folder)).toContain('journal.jsonl');
    expect(openPaths(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('the model server: its state', async () => {
    const folder = fresh();
    await started('serving/main.ts', ['--state', join(folder, 'serving')]);
    expect(readdirSync(folder)).toEqual(['serving']);
    expect(openPaths(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('Temporal: its database and log, by the mask of who starts it', async () => {
    const folder = fresh();
    const before = process.umask(0o077);
    try {
      const { child } = await startDevServer({
        cli: readToolchain().temporal ?? 'temporal',
        databaseFile: join(folder, 'temporal.db'),
        logFile: join(folder, 'temporal.log'),
        namespace: 'private',
        port: await freePort(),
        uiAddress: '127.0.0.1',
        uiPort: await freePort(),
      });
      expect(readdirSync(folder)).toEqual(
        expect.arrayContaining(['temporal.db', 'temporal.db-wal', 'temporal.log']),
      );
      expect(openPaths(folder)).toEqual([]);
      await child.stop();
    } finally {
      process.umask(before);
    }
    rmSync(folder, { recursive: true });
  });

  test('every entry point sets its mask', () => {
    const entries = [
      ...['cli/main.ts', 'exchange/main.ts', 'serving/main.ts'],
      ...['workers/trading.ts', 'workers/gateway.ts', 'workers/shadow/main.ts'],
      'infra/setup/ratchet.mjs',
    ];
    const without = entries.filter(
      (entry) => !readFileSync(join(checkout, entry), 'utf8').includes('process.umask(0o077);'),
    );
    expect(without).toEqual([]);
  });
});

describe('what was left open', () => {
  const home = join(fresh(), 'home');
  const outside = fresh();
  beforeAll(async () => {
    await withOpenMask(() => {
      for (const folder of ['runs/1/serving', 'accounts/mine/logs', 'worlds/w', 'mine'])
        mkdirSync(join(home, folder), { recursive: true });
      for (const file of ['runs/1/temporal.db', 'accounts/mine/logs/worker.log', 'mine/letter'])
        writeFileSync(join(home, file), 'readable');
      writeFileSync(join(outside, 'target'), 'readable');
      symlinkSync(join(outside, 'target'), join(home, 'runs', 'link'));
      chmodSync(home, 0o755);
      chmodSync(outside, 0o755);
      return Promise.resolve();
    });
    privateHome(home);
  });
  afterAll(() => rmSync(home, { recursive: true }));

  test('is closed, down to the last file of ours', () => {
    expect(lstatSync(home).mode & 0o777).toBe(0o700);
    expect(openPaths(join(home, 'runs'))).toEqual([]);
    expect(openPaths(join(home, 'accounts'))).toEqual([]);
    expect(lstatSync(join(home, 'runs/1/temporal.db')).mode & 0o777).toBe(0o600);
  });

  test('links are not followed, and files beside ours keep their modes', () => {
    expect(lstatSync(join(outside, 'target')).mode & 0o777).toBe(0o644);
    expect(lstatSync(join(home, 'mine/letter')).mode & 0o777).toBe(0o644);
  });

  (userInfo().uid === 0 ? test : test.skip)('another account of the machine reads nothing', () => {
    const script = `for f in $(find ${outside} ${home} 2>/dev/null); do cat "$f" 2>/dev/null; done; true`;
    const read = execFileSync('/bin/sh', ['-c', script], { uid: 65534, gid: 65534, cwd: '/' });
    // The file outside shows that the account can read at all.
    expect(read.toString()).toBe('readable');
  });
});
