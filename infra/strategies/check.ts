// Checks a strategy as `ratchet strategy check` does: code, types, declaration, and a trial in a process of its own with
// limits of time and memory.
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Refused } from '../../domain/errors';
import { strategyFile } from './bundle';
import { namePattern, readCode } from './loaded';
import type { TrialBars, TrialResult } from './trial';
import { tried } from './tried';
import { checkTypes, type StrategyPlace } from './typeCheck';

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
    const { trials } = await tried({ code, bars });
    const faults = trials.flatMap((one) => one.faults.map((fault) => `${one.from}: ${fault}`));
    return { name, hash, trials, faults };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { name, hash, trials: [], faults: [error.message] };
  }
}
