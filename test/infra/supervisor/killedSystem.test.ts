// What is known of a system that ended without being stopped: it outlives other work under the lock.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as RunFolder from '../../../infra/supervisor/runFolder';

const dead = 2 ** 22 - 3;

/** The home is read when the module is loaded. */
function runFolderIn(home: string): typeof RunFolder {
  process.env['RATCHET_HOME'] = home;
  jest.resetModules();
  return jest.requireActual('../../../infra/supervisor/runFolder');
}

const record = (supervisor: number, mode: 'live' | 'paper'): RunFolder.RunningSystem => ({
  supervisor,
  processes: {},
  folder: '',
  logs: '',
  account: 'A',
  mode,
  date: '2026-11-20',
  exchangeArguments: null,
  temporalUi: '',
  exchange: null,
  modelServer: '',
  environment: {},
});

describe('a system that was killed', () => {
  const homeBefore = process.env['RATCHET_HOME'];
  afterEach(() => {
    if (homeBefore === undefined) delete process.env['RATCHET_HOME'];
    else process.env['RATCHET_HOME'] = homeBefore;
  });

  test('is found by its account and mode, until one of its own is stopped', () => {
    const home = mkdtempSync(join(tmpdir(), 'ratchet-home-'));
    const { killedSystem, lockRun, writeRunning } = runFolderIn(home);
    writeRunning(record(dead, 'live'));
    writeFileSync(join(home, 'run.lock'), String(dead));

    lockRun()();
    const unlock = lockRun();

    expect(killedSystem({ account: 'A', mode: 'live' })?.supervisor).toBe(dead);
    expect(killedSystem({ account: 'B', mode: 'live' })).toBeUndefined();
    expect(killedSystem({ account: 'A', mode: 'shadow' })).toBeUndefined();
    writeRunning(record(process.pid, 'live'));
    unlock();
    expect(existsSync(join(home, 'running.json'))).toBe(false);
    expect(killedSystem({ account: 'A', mode: 'live' })).toBeUndefined();
  });
});
