// The configuration at a point of a space, and what of a space the configuration takes.
import { Refused } from '../../domain/errors';
import { checkSpace, type Parameter, type Point, type Space } from '../../domain/research/space';
import type { Parameter as DeclaredParameter } from '../../domain/strategy';
import {
  allowedWords,
  documentedKeys,
  isRecord,
  outlineOf,
  type Outline,
} from '../../domain/settings';
import { nearestKey } from '../../domain/settings/nearestKey';
import { configFrom, type RatchetConfig } from '../../infra/config/config';
import { configSchema } from '../../infra/config/configSchema';

type Written = Readonly<Record<string, unknown>>;

function withValue(
  written: Written,
  [key = '', ...below]: readonly string[],
  value: unknown,
): Written {
  if (below.length === 0) return { ...written, [key]: value };
  const child = written[key];
  return { ...written, [key]: withValue(isRecord(child) ? child : {}, below, value) };
}

/** @param written what the search starts from. @throws Refused CONFIG_INVALID where the values do not fit each other. */
export function configAt(written: unknown, point: Point): RatchetConfig {
  const base = isRecord(written) ? written : {};
  const varied = Object.entries(point).reduce<Written>(
    (so, [key, value]) => withValue(so, key.split('.'), value),
    base,
  );
  return configFrom(varied, '(trial)').config;
}

/** What the schema says of a dotted key; undefined where it knows none. */
function outlineAt(outline: Outline, path: readonly string[]): Outline | undefined {
  const [key, ...below] = path;
  if (key === undefined) return outline;
  const { properties, additionalProperties } = outline;
  const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const child = properties?.[key] ?? rest;
  return child === undefined ? undefined : outlineAt(child, below);
}

function refuse(message: string): never {
  throw new Refused({ code: 'RESEARCH_SPACE', message });
}

function withinSchema(parameter: Parameter, outline: Outline): Parameter {
  const { key, kind } = parameter;
  if (kind === 'choice') return parameter;
  const { type, minimum = -Infinity, maximum = Infinity } = outline;
  if (type !== 'number' && type !== 'integer')
    refuse(`${key} has no range: it must be ${allowedWords(outline)}`);
  const { least, most } = parameter;
  if (least < minimum || most > maximum)
    refuse(`${key} must be ${allowedWords(outline)}, and is varied over ${least}..${most}`);
  return type === 'integer' ? { ...parameter, kind: 'whole' } : parameter;
}

/** A strategy's own declaration says what its parameter may be. */
function withinDeclared(parameter: Parameter, declared: DeclaredParameter): Parameter {
  if (parameter.kind === 'choice') return parameter;
  if (declared.kind === 'choice' || declared.kind === 'flag')
    refuse(`${parameter.key} has no range: it is declared as a ${declared.kind}`);
  const { least, most } = declared;
  if (parameter.least < least || parameter.most > most)
    refuse(
      `${parameter.key} is declared from ${least} to ${most}, and is varied over ${parameter.least}..${parameter.most}`,
    );
  const step = parameter.step ?? declared.step ?? null;
  return { ...parameter, step, kind: declared.kind === 'integer' ? 'whole' : parameter.kind };
}

/**
 * The space with its keys known and its ranges allowed.
 * @param declared what the user's strategies in use declare, by key. @throws Refused RESEARCH_SPACE
 */
export function configSpace(
  space: Space,
  declared: ReadonlyMap<string, DeclaredParameter> = new Map(),
): Space {
  const root = outlineOf(configSchema);
  return checkSpace(
    space.map((parameter) => {
      const own = declared.get(parameter.key);
      if (own !== undefined) return withinDeclared(parameter, own);
      const outline = outlineAt(root, parameter.key.split('.'));
      if (outline !== undefined) return withinSchema(parameter, outline);
      const known = [...documentedKeys(root).map(({ key }) => key), ...declared.keys()];
      const nearest = nearestKey(parameter.key, known);
      const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      return refuse(`${parameter.key} is not a key of the configuration${meant}`);
    }),
  );
}
