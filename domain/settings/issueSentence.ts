// What is wrong with a value, in one sentence: the key, the value and what is allowed; for a key that does
// not exist, the nearest that does.
import type { z } from 'zod';
import { allowedWords } from './allowedWords';
import { nearestKey } from './nearestKey';
import { childOf, isRecord, keysOf, outlineOf, type Outline } from './outline';

type Issue = z.core.$ZodIssue;

/** A place in the value: what is there, and what may be. */
interface Place {
  readonly outline: Outline | undefined;
  readonly value: unknown;
}

const longestShown = 80;

function shown(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : quoted(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

const quoted = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value);

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');

const inside = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<PropertyKey, unknown>>)[key]
    : undefined;

const placeAt = (root: Place, path: readonly PropertyKey[]): Place =>
  path.reduce<Place>(
    ({ outline, value }, key) => ({
      outline: outline === undefined ? undefined : childOf(outline, value, key),
      value: inside(value, key),
    }),
    root,
  );

/** A typo is told before what follows from it, such as the missing key it stands for. */
const firstOf = (issues: readonly Issue[]): Issue | undefined =>
  issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];

/** Every key of the schema that ends in the word, dotted. */
function keysNamed(word: string, outline: Outline, path = ''): readonly string[] {
  return Object.entries(outline.properties ?? {}).flatMap(([key, child]) => {
    const full = path === '' ? key : `${path}.${key}`;
    return [...(key === word ? [full] : []), ...keysNamed(word, child, full)];
  });
}

function unknownKey(root: Place, path: readonly PropertyKey[], key: string): string {
  const { outline = {}, value } = placeAt(root, path);
  const keys = keysOf(outline, value);
  const nearest = nearestKey(key, keys);
  const [elsewhere] = keysNamed(key, root.outline ?? {});
  const meant =
    nearest === undefined
      ? elsewhere === undefined
        ? `allowed are ${keys.join(', ')}`
        : `did you mean ${elsewhere}?`
      : `did you mean ${dotted([...path, nearest])}?`;
  return `${dotted([...path, key])} is not a known key; ${meant}`;
}

/** The key of an object that was to say its kind and is no key at all. */
function misspeltKind(root: Place, path: readonly PropertyKey[]): string | undefined {
  const { outline = {}, value } = placeAt(root, path);
  if (!isRecord(value) || 'kind' in value) return undefined;
  const keys = keysOf(outline, value);
  return Object.keys(value).find((key) => !keys.includes(key));
}

function valueSentence(root: Place, { path }: Issue): string {
  const { outline = {}, value } = placeAt(root, path);
  const union = placeAt(root, path.slice(0, -1)).outline?.oneOf;
  const kinds = union?.map(({ properties }) => JSON.stringify(properties?.['kind']?.const));
  const allowed = path.at(-1) === 'kind' && kinds ? `one of ${kinds.join(', ')}` : undefined;
  const subject = path.length === 0 ? '' : `${dotted(path)} `;
  const words = allowed ?? allowedWords(outline);
  return value === undefined
    ? `${subject}is missing and must be ${words}`
    : `${subject}must be ${words}, was ${shown(value)}`;
}

/**
 * The sentence of the first thing wrong.
 * @param value what the schema was given.
 */
export function issueSentence(schema: z.ZodType, value: unknown, issues: readonly Issue[]): string {
  const issue = firstOf(issues);
  const root: Place = { outline: outlineOf(schema), value };
  if (issue === undefined) return 'is not valid';
  if (issue.code === 'unrecognized_keys') return unknownKey(root, issue.path, issue.keys[0] ?? '');
  if (issue.code === 'custom') {
    const { value: found } = placeAt(root, issue.path);
    return `${dotted(issue.path)} ${issue.message}, was ${shown(found)}`;
  }
  if (issue.code === 'invalid_union') {
    const union = issue.path.slice(0, -1);
    const typo = misspeltKind(root, union);
    if (typo !== undefined) return unknownKey(root, union, typo);
  }
  return valueSentence(root, issue);
}
