// Checks a strategy as `ratchet strategy check` does: code, types, declaration, and a trial in a thread of its own with
// limits of time and memory.
import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Refused } from '../../domain/errors';
import { strategyFile } from './bundle';
import { namePattern, readCode } from './loaded';
import type { TrialBars, TrialResult } from './trial';
import type { TrialMessage, TrialStart } from './trialThread';
import { checkTypes, type StrategyPlace } from './typeCheck';

const suffix = extname(__filename);
const memoryMb = 256;
const trialMaxMs = 25_000;

/** JSON-plain. */
export interface CheckedStrategy {
  readonly name: string;
  /** null where there is no code that could be hashed. */
  readonly hash: string | null;
  readonly trials: readonly TrialResult[];
  /** What is wrong, a sentence each; empty where it can be used. */
  readonly faults: readonly string[];
}

/** @throws Refused STRATEGY_NAME, STRATEGY_UNKNOWN where the folder is no strategy's. */
export function placeAt(directory: string): StrategyPlace {
  const folder = resolve(directory);
  const name = requireName(basename(folder));
  if (existsSync(join(folder, strategyFile))) return { name, folder };
  throw new Refused({
    code: 'STRATEGY_UNKNOWN',
    message: `${directory} has no ${strategyFile}; \`ratchet strategy new NAME\` writes one`,
  });
}

/** @throws Refused STRATEGY_NAME */
export function requireName(name: string): string {
  if (namePattern.test(name)) return name;
  throw new Refused({
    code: 'STRATEGY_NAME',
    message: `a strategy's name must be small letters, digits and hyphens, a letter first, at most 40, was "${name}"`,
  });
}

export async function checkStrategy(
  place: StrategyPlace,
  bars: readonly TrialBars[],
): Promise<CheckedStrategy> {
  const { name } = place;
  let hash: string | null = null;
  try {
    const code = await readCode(place);
    hash = code.hash;
    await checkTypes([place]);
    const trials = await tried({ code, bars });
    const faults = trials.flatMap((one) => one.faults.map((fault) => `${one.from}: ${fault}`));
    return { name, hash, trials, faults };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { name, hash, trials: [], faults: [error.message] };
  }
}

/** @throws Refused STRATEGY_DECLARATION where it did not come through, in one sentence. */
function tried(start: TrialStart): Promise<readonly TrialResult[]> {
  const thread = new Worker(join(__dirname, `trialThread${suffix}`), {
    workerData: start,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    execArgv: suffix === '.ts' ? ['--require', join(__dirname, '../sourceHook.cjs')] : [],
  });
  return new Promise<readonly TrialResult[]>((done, fail) => {
    const refuse = (message: string): void =>
      fail(new Refused({ code: 'STRATEGY_DECLARATION', message }));
    const { name } = start.code;
    const timer = setTimeout(
      () => refuse(`${name}: its trial was not over within ${trialMaxMs / 1_000} s`),
      trialMaxMs,
    );
    thread.on('message', (message: TrialMessage) => {
      clearTimeout(timer);
      if ('refused' in message) refuse(message.refused);
      else done(message.results);
    });
    thread.on('error', (error) => {
      clearTimeout(timer);
      refuse(`${name}: ${endOf(error)}`);
    });
  }).finally(() => void thread.terminate());
}

const endOf = (error: Error): string =>
  (error as { readonly code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `it took more than ${memoryMb} MB of memory`
    : `its trial ended: ${error.message}`;
