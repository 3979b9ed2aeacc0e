// Goal: what is known of a system that ended without being stopped outlives other work under the lock; of its processes
// those that still run are stopped, and never a stranger that has got the id of one or is called like us.
// Method: a folder of its own; real processes, recorded as they were and with another start.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/ratchet';
import type * as RunFolder from '../../../infra/supervisor/runFolder';

const dead = 2 ** 22 - 3;

/** The home is read when the module is loaded. */
function runFolderIn(home: string): typeof RunFolder {
  process.env['RATCHET_HOME'] = home;
  jest.resetModules();
  return jest.requireActual('../../../infra/supervisor/runFolder');
}

const record = (
  supervisor: number,
  mode: 'live' | 'paper',
): Omit<RunFolder.RunningSystem, 'starts'> => ({
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
    writeFileSync(join(home, 'run.lock'), `${dead} 1@before`);

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

  describe('and its processes', () => {
    const started: ChildProcess[] = [];
    /** A stranger whose command line has our name, such as an editor with our files. */
    const sleeper = (): { readonly pid: number; readonly gone: () => boolean } => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)', 'ratchet']);
      started.push(child);
      return { pid: child.pid ?? 0, gone: () => child.signalCode !== null };
    };
    afterAll(() => started.forEach((child) => child.kill('SIGKILL')));

    function recorded(pid: number, start?: string): ReturnType<typeof runFolderIn> {
      const home = mkdtempSync(join(tmpdir(), 'ratchet-home-'));
      const folder = runFolderIn(home);
      folder.writeRunning({ ...record(pid, 'live'), processes: { worker: pid } });
      if (start !== undefined) {
        const file = join(home, 'running.json');
        const written = JSON.parse(readFileSync(file, 'utf8')) as RunFolder.RunningSystem;
        writeFileSync(file, JSON.stringify({ ...written, starts: { [pid]: start } }));
        writeFileSync(join(home, 'run.lock'), `${pid} ${start}`);
      }
      return folder;
    }

    test('are stopped where they still run', async () => {
      const child = sleeper();
      const { runningProcesses, livingSystem, lockRun } = recorded(child.pid);
      expect(runningProcesses()).toEqual([{ name: 'worker', pid: child.pid }]);
      expect(livingSystem()?.supervisor).toBe(child.pid);
      lockRun()();
      await eventually(() => child.gone() || undefined);
      expect(livingSystem()).toBeUndefined();
    });

    test('a stranger that has got the id of one is left alone, holds no lock and is no system', () => {
      const child = sleeper();
      const { runningProcesses, livingSystem, lockRun } = recorded(child.pid, '1@another-boot');
      expect(runningProcesses()).toEqual([]);
      expect(livingSystem()).toBeUndefined();
      lockRun()();
      expect(child.gone()).toBe(false);
      expect(() => process.kill(child.pid, 0)).not.toThrow();
    });

    test('who holds the lock is refused a second system', () => {
      const folder = runFolderIn(mkdtempSync(join(tmpdir(), 'ratchet-home-')));
      const unlock = folder.lockRun();
      expect(() => folder.lockRun()).toThrow('already running');
      unlock();
      folder.lockRun()();
    });

    test('records of a version that did not say when its processes began name no process', () => {
      const child = sleeper();
      const folder = recorded(child.pid);
      const file = join(process.env['RATCHET_HOME'] ?? '', 'running.json');
      const written = JSON.parse(readFileSync(file, 'utf8')) as RunFolder.RunningSystem;
      writeFileSync(file, JSON.stringify({ ...written, starts: undefined }));
      expect([folder.runningProcesses(), folder.livingSystem()]).toEqual([[], undefined]);
    });
  });
});
