// A strategy's folder, read: bundled, run once for what it declares, its values checked.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '../../domain/errors';
import type { MarketWeights, ParameterValues, StrategyInUse } from '../../domain/strategy';
import { bundleStrategy, insideCode, strategyFile } from './bundle';
import { checkedDeclaration, valuesOf, type Declaration } from './declaration';
import { Sandbox, SandboxLost, type SandboxCode } from './sandbox';
import type { StrategyPlace } from './typeCheck';

/** A strategy's code and what it declares. */
export interface ReadStrategy {
  readonly code: SandboxCode;
  readonly declared: Declaration;
}

/** A strategy that can be asked. JSON-plain, so a process can be given it. */
export interface LoadedStrategy {
  readonly code: SandboxCode;
  readonly use: StrategyInUse;
}

/** What a name of a strategy may be. */
export const namePattern = /^[a-z][a-z0-9-]{0,39}$/;

/** The strategies of a folder, by name. */
export const placesIn = (folder: string): readonly StrategyPlace[] =>
  existsSync(folder) && statSync(folder).isDirectory()
    ? readdirSync(folder)
        .filter((name) => namePattern.test(name))
        .map((name) => ({ name, folder: join(folder, name) }))
        .filter((place) => existsSync(join(place.folder, strategyFile)))
        .sort((one, other) => (one.name < other.name ? -1 : 1))
    : [];

let inside: string | undefined;

/** The code, not yet run. @throws Refused STRATEGY_CODE in one sentence. */
export async function readCode({ name, folder }: StrategyPlace): Promise<SandboxCode> {
  const bundle = await bundleStrategy(name, folder);
  inside ??= insideCode();
  return { ...bundle, name, inside };
}

/** @throws Refused STRATEGY_CODE or STRATEGY_DECLARATION, in one sentence. */
export async function readStrategy(place: StrategyPlace): Promise<ReadStrategy> {
  const code = await readCode(place);
  return { code, declared: declarationOf(code) };
}

/** Runs the code for what it declares. @throws Refused STRATEGY_DECLARATION in one sentence. */
export function declarationOf(code: SandboxCode): Declaration {
  const refuse = (fault: string): never => {
    const message = fault.startsWith(`${code.name}/`) ? fault : `${code.name}: ${fault}`;
    throw new Refused({ code: 'STRATEGY_DECLARATION', message });
  };
  try {
    const told = new Sandbox(code).load();
    if ('fault' in told) return refuse(told.fault);
    return checkedDeclaration(code.name, told.definition);
  } catch (error) {
    if (!(error instanceof SandboxLost)) throw error;
    return refuse(`${error.message} while it was loaded`);
  }
}

/** What is configured of a strategy; left out, its own defaults. */
export interface Configured {
  readonly values?: unknown;
  readonly weights?: MarketWeights | undefined;
}

/** @throws Refused STRATEGY_PARAMETERS naming the value and what is allowed. */
export function loadedWith(
  { code, declared }: ReadStrategy,
  { values: written = {}, weights = declared.weights }: Configured,
): LoadedStrategy {
  const { name, hash } = code;
  const values: ParameterValues | string = valuesOf(declared.parameters, written);
  if (typeof values === 'string')
    throw new Refused({
      code: 'STRATEGY_PARAMETERS',
      message: `strategies.parameters.${name}: ${values}`,
    });
  return { code, use: { name, hash, values, weights } };
}
