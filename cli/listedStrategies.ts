// Everything that may vote, as `ratchet strategy list` shows it.
import { agentNames, perAgent } from '../domain/agents';
import { Refused } from '../domain/errors';
import { documentedKeys, outlineOf, type Outline } from '../domain/settings';
import { parametersSchema } from '../domain/strategy';
import type { RatchetConfig } from '../infra/config/config';
import { configSchema } from '../infra/config/configSchema';
import { loadedWith, placesIn, readStrategy } from '../infra/strategies/loaded';
import { namesInUse } from '../infra/strategies/open';
import type { StrategyPlace } from '../infra/strategies/typeCheck';

export interface ListedParameter {
  readonly name: string;
  readonly meaning: string;
  /** What may be written, in words. */
  readonly allowed: string;
  readonly default: unknown;
  readonly value: unknown;
}

/** JSON-plain. */
export interface ListedStrategy {
  readonly name: string;
  /** null of a shipped agent, and where there is no code that can be used. */
  readonly hash: string | null;
  readonly isUsed: boolean;
  readonly sentence: string | null;
  /** Where the idea is from; null where nothing is said. */
  readonly source: string | null;
  /** Why it cannot be used; null where it can. */
  readonly fault: string | null;
  readonly parameters: readonly ListedParameter[];
}

type Values = Readonly<Record<string, unknown>>;

const parametersOf = (outline: Outline, values: Values): readonly ListedParameter[] =>
  documentedKeys(outline).map(({ key, allowed, byDefault, sentence }) => ({
    name: key,
    meaning: sentence,
    allowed,
    default: byDefault,
    value: values[key] ?? null,
  }));

export async function listedStrategies(config: RatchetConfig): Promise<readonly ListedStrategy[]> {
  const { strategies } = config;
  const used = namesInUse(strategies);
  const own: ListedStrategy[] = [];
  for (const place of placesIn(strategies.folder))
    own.push(await ownStrategy(place, config, used.includes(place.name)));
  return [...shippedAgents(config, used), ...own];
}

function shippedAgents(
  { decision }: RatchetConfig,
  used: readonly string[],
): readonly ListedStrategy[] {
  const outline = outlineOf(configSchema).properties?.['decision']?.properties?.['agents'];
  const sentences = perAgent(({ sentence }) => sentence);
  return agentNames.map((name) => ({
    name,
    hash: null,
    isUsed: used.includes(name),
    sentence: sentences[name],
    source: null,
    fault: null,
    parameters: parametersOf(outline?.properties?.[name] ?? {}, { ...decision.agents[name] }),
  }));
}

async function ownStrategy(
  place: StrategyPlace,
  { strategies: { parameters, weights } }: RatchetConfig,
  isUsed: boolean,
): Promise<ListedStrategy> {
  const { name } = place;
  const named = { name, isUsed };
  try {
    const read = await readStrategy(place);
    const { sentence, source = null } = read.declared;
    const { use } = loadedWith(read, { values: parameters[name], weights: weights[name] });
    const outline = outlineOf(parametersSchema(read.declared.parameters));
    const listed = parametersOf(outline, use.values);
    return { ...named, hash: use.hash, sentence, source, fault: null, parameters: listed };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const unknown = { hash: null, sentence: null, source: null, parameters: [] };
    return { ...named, ...unknown, fault: error.message };
  }
}
