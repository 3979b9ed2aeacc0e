// The strategies a configuration uses, loaded and ready to be asked.
import { agentNames } from '../../domain/agents';
import { decidedBy, type DecisionConfig } from '../../domain/decision';
import { Refused } from '../../domain/errors';
import { nearestKey } from '../../domain/settings';
import { noVoters, type Parameter, type StrategyInUse, type Voters } from '../../domain/strategy';
import type { RatchetConfig } from '../config/config';
import { loadedWith, placesIn, readCode, readStrategy, type LoadedStrategy } from './loaded';
import { SandboxedVoters } from './sandboxedVoters';
import { ApartVoters } from './apartVoters';
import { tried } from './tried';
import { checkTypes, type StrategyPlace } from './typeCheck';

type Configured = Pick<RatchetConfig, 'strategies' | 'decision'>;

/** Who votes, and what decides with them. */
export interface OpenedVoters {
  readonly voters: Voters;
  readonly decision: DecisionConfig;
}

export const isAgent = (name: string): boolean => agentNames.some((agent) => agent === name);

/** The names in use: those that are written, or the shipped agents. */
export const namesInUse = ({ use }: RatchetConfig['strategies']): readonly string[] =>
  use ?? agentNames;

/**
 * For a backtest, a replay or a check: asked in this process.
 * @throws Refused STRATEGY_* in one sentence: a name that is none, code that cannot be used, values out of range.
 */
export async function openVoters(config: Configured): Promise<OpenedVoters> {
  const places = placesInUse(config.strategies);
  const loaded = await loadedOf(config.strategies, places);
  await checkTypes(places);
  return opened(config, loaded.length === 0 ? noVoters : new SandboxedVoters(loaded));
}

/**
 * For a worker: asked in a process of their own. A worker must run for the positions it protects, so a strategy that
 * cannot be used stops nobody: it is broken on every bar, and says why.
 */
export async function openLiveVoters(config: Configured): Promise<OpenedVoters> {
  const { strategies } = config;
  const own = namesInUse(strategies).filter((name) => !isAgent(name));
  if (own.length === 0) return opened(config, noVoters);
  const known = placesIn(strategies.folder);
  const loaded = await Promise.all(
    own.map(async (name) => {
      try {
        const [place = unknownName(name, strategies.folder)] = known.filter(
          (one) => one.name === name,
        );
        const code = await readCode(place);
        // Not even its first lines run in a process that sends orders.
        const { declared } = await tried({ code, bars: [] });
        return loadedWith({ code, declared }, configuredOf(strategies, name));
      } catch (error) {
        if (error instanceof Refused) return unusable(name, error.message);
        throw error;
      }
    }),
  );
  return opened(config, new ApartVoters(loaded));
}

/** A strategy that cannot be asked in this installation, and why. */
export interface UnusableStrategy {
  readonly use: StrategyInUse;
  readonly why: string;
}

const unusable = (name: string, why: string): UnusableStrategy => ({
  use: {
    name,
    hash: '0'.repeat(16),
    values: {},
    weights: { trending: 1, ranging: 1, volatile: 1 },
  },
  why,
});

const opened = ({ decision, strategies }: Configured, voters: Voters): OpenedVoters => ({
  voters,
  decision: decidedBy(decision, namesInUse(strategies), voters.strategies),
});

/** The user's strategies among the names in use. @throws Refused STRATEGY_UNKNOWN, STRATEGY_PARAMETERS */
export function placesInUse(strategies: RatchetConfig['strategies']): readonly StrategyPlace[] {
  const { folder } = strategies;
  const known = placesIn(folder);
  requireKnown(strategies, known);
  return namesInUse(strategies)
    .filter((name) => !isAgent(name))
    .map((name) => known.find((place) => place.name === name) ?? unknownName(name, folder));
}

const configuredOf = (
  { parameters, weights }: RatchetConfig['strategies'],
  name: string,
): { readonly values: unknown; readonly weights: StrategyInUse['weights'] | undefined } => ({
  values: parameters[name],
  weights: weights[name],
});

async function loadedOf(
  strategies: RatchetConfig['strategies'],
  places: readonly StrategyPlace[],
): Promise<readonly LoadedStrategy[]> {
  const loaded: LoadedStrategy[] = [];
  for (const place of places)
    loaded.push(loadedWith(await readStrategy(place), configuredOf(strategies, place.name)));
  return loaded;
}

/** What may be turned of the user's strategies in use, by its key in the configuration, and the hash of each one's code. */
export interface DeclaredStrategies {
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly hashes: readonly string[];
}

/** @throws Refused STRATEGY_* in one sentence. */
export async function declaredStrategies(
  strategies: RatchetConfig['strategies'],
): Promise<DeclaredStrategies> {
  const places = placesInUse(strategies);
  const read = await Promise.all(places.map(readStrategy));
  return {
    parameters: new Map(
      read.flatMap(({ declared }, index) =>
        Object.entries(declared.parameters).map(
          ([name, parameter]) =>
            [`strategies.parameters.${places[index]?.name ?? ''}.${name}`, parameter] as const,
        ),
      ),
    ),
    hashes: read.map(({ code }) => code.hash),
  };
}

/**
 * The strategies of a recorded day, with the values it had. One that is not here, or cannot be used any more, is left
 * out: the replay names it.
 */
export async function recordedVoters(
  folder: string,
  recorded: readonly StrategyInUse[],
): Promise<Voters> {
  const known = placesIn(folder);
  const loaded: LoadedStrategy[] = [];
  for (const { name, values, weights } of recorded) {
    const place = known.find((one) => one.name === name);
    if (place === undefined) continue;
    try {
      loaded.push(loadedWith(await readStrategy(place), { values, weights }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  return loaded.length === 0 ? noVoters : new SandboxedVoters(loaded);
}

/** Values and weights are for the user's own strategies; an agent's are in `decision`. */
function requireKnown(
  { parameters, weights }: RatchetConfig['strategies'],
  known: readonly StrategyPlace[],
): void {
  const names = known.map(({ name }) => name);
  for (const [key, written] of Object.entries({ parameters, weights })) {
    const stranger = Object.keys(written).find((name) => !names.includes(name));
    if (stranger === undefined) continue;
    const why = isAgent(stranger)
      ? 'is a shipped agent, which decision.agents and decision.weights configure'
      : `is not a strategy of yours${meant(stranger, names)}`;
    throw new Refused({
      code: 'STRATEGY_PARAMETERS',
      message: `strategies.${key}.${stranger} ${why}`,
    });
  }
}

const meant = (name: string, names: readonly string[]): string => {
  const nearest = nearestKey(name, names);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
};

function unknownName(name: string, folder: string): never {
  const names = [...agentNames, ...placesIn(folder).map((place) => place.name)];
  const near = meant(name, names) || `; there are ${names.join(', ')}`;
  throw new Refused({
    code: 'STRATEGY_UNKNOWN',
    message: `strategies.use: "${name}" is neither a shipped agent nor a strategy in ${folder}${near}`,
  });
}
