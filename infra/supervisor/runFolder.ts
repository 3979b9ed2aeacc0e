// The run state of the checkout: one system at a time, found by its file, with a folder for each run.
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Refused } from '../../domain/errors';
import { ratchetHome } from '../checkout';
import type { RatchetConfig } from '../config/config';
import { isRunning, startOf, startsOf } from './processIdentity';
import { replacePrivateFile } from '../privateFiles';

const lockFile = join(ratchetHome, 'run.lock');
const runningFile = join(ratchetHome, 'running.json');

/** Where a running system is reached. It contains the database's password, so only its owner can read it. */
export interface RunningSystem {
  readonly supervisor: number;
  /** Process ids by name; a restarted process has a new one. */
  readonly processes: Readonly<Record<string, number>>;
  /** When each of them and the supervisor began, by its id: an id alone may be a stranger's by now. */
  readonly starts: Readonly<Record<number, string>>;
  /** The run's folder: the exchange's journal, on paper logs and report. */
  readonly folder: string;
  /** Where the logs of its processes lie. */
  readonly logs: string;
  readonly account: string;
  readonly mode: RatchetConfig['mode'];
  /** The session it was started for; live or a shadow, it goes on from day to day. */
  readonly date: string;
  readonly temporalUi: string;
  /** Address of our own exchange; null live. */
  readonly exchange: string | null;
  /** What the paper exchange of a run can be started again with; null of a world, live and of a shadow. */
  readonly exchangeArguments: readonly string[] | null;
  readonly modelServer: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Takes the checkout's run lock. @returns what gives it back. @throws Refused when a system is already running here. */
export function lockRun(): () => void {
  mkdirSync(ratchetHome, { recursive: true, mode: 0o700 });
  if (existsSync(lockFile)) {
    const [owner = '', start] = readFileSync(lockFile, 'utf8').split(' ');
    if (isRunning(Number(owner), start)) {
      throw new Refused({
        code: 'ALREADY_RUNNING',
        message: `a system is already running in this checkout (process ${owner}); stop it first, or use another checkout`,
      });
    }
    rmSync(lockFile, { force: true });
  }
  stopOrphans();
  const file = openSync(lockFile, 'wx');
  writeSync(file, `${process.pid} ${startOf(process.pid) ?? ''}`);
  closeSync(file);
  return () => {
    // The record of a system that was killed stays until one of its account is up again.
    if (readRunning()?.supervisor === process.pid) rmSync(runningFile, { force: true });
    rmSync(lockFile, { force: true });
  };
}

/** What is left of a system of this account that ended without being stopped. Only with the lock. */
export function killedSystem({
  account,
  mode,
}: Pick<RatchetConfig, 'account' | 'mode'>): RunningSystem | undefined {
  const system = readRunning();
  return system?.account === account && system.mode === mode ? system : undefined;
}

/** Stops the children of a supervisor that was killed, and no other process. */
function stopOrphans(): void {
  for (const { pid } of runningProcesses()) process.kill(pid, 'SIGKILL');
}

/** The processes of the recorded system that still run, whether its supervisor does or not. */
export function runningProcesses(): readonly { readonly name: string; readonly pid: number }[] {
  const system = readRunning();
  return Object.entries(system?.processes ?? {})
    .map(([name, pid]) => ({ name, pid }))
    .filter(({ pid }) => isRunning(pid, system?.starts[pid]));
}

/** @returns what was written. */
export function writeRunning(system: Omit<RunningSystem, 'starts'>): RunningSystem {
  const { supervisor, processes } = system;
  const starts = startsOf([supervisor, ...Object.values(processes)]);
  const written = { ...system, starts };
  replacePrivateFile(runningFile, JSON.stringify(written, null, 2));
  return written;
}

/** Writes the process ids after a restart. */
export function updateProcesses(processes: Readonly<Record<string, number>>): void {
  const system = readRunning();
  if (system !== undefined) writeRunning({ ...system, processes });
}

/** The system running in this checkout, if any. */
export function readRunning(): RunningSystem | undefined {
  if (!existsSync(runningFile)) return undefined;
  const written = JSON.parse(readFileSync(runningFile, 'utf8')) as RunningSystem;
  // Older versions did not say when their processes began: none of them is taken for ours.
  return { ...written, starts: (written as Partial<RunningSystem>).starts ?? {} };
}

/** The system whose supervisor is alive; undefined where there is none. */
export function livingSystem(): RunningSystem | undefined {
  const system = readRunning();
  if (system === undefined) return undefined;
  return isRunning(system.supervisor, system.starts[system.supervisor]) ? system : undefined;
}

/** @throws Refused when none is running and no address is configured. */
export function requireRunning(): RunningSystem {
  const system = livingSystem();
  if (system !== undefined) return system;
  throw new Refused({
    code: 'NOT_RUNNING',
    message: 'no system is running in this checkout; start one with `npm start`',
  });
}

/** A fresh folder for a run, named by its start. */
export function newRunFolder(): string {
  const name = new Date()
    .toISOString()
    .replaceAll(/[^0-9T]/g, '')
    .slice(0, 15);
  const folder = join(ratchetHome, 'runs', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
