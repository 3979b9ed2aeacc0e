// Every key of a schema, for the documents.
import { allowedWords } from './allowedWords';
import type { Outline } from './outline';

export interface DocumentedKey {
  /** The dotted path; `[]` stands for each entry of a list. */
  readonly key: string;
  readonly allowed: string;
  /** Undefined where it has none. */
  readonly byDefault: unknown;
  readonly sentence: string;
}

/** The variants of a union, each under the name of its kind. */
const variants = ({ oneOf = [] }: Outline, key: string): readonly DocumentedKey[] =>
  oneOf.flatMap((variant) => {
    const { kind, ...rest } = variant.properties ?? {};
    const name = `${key} (${String(kind?.const)})`;
    return [
      {
        key: name,
        allowed: `"kind": ${JSON.stringify(kind?.const)}`,
        byDefault: undefined,
        sentence: kind?.description ?? '',
      },
      ...documentedKeys({ properties: rest }, name),
    ];
  });

/** The key itself where a value is written to it, and those below it. */
function keysAt(outline: Outline, key: string): readonly DocumentedKey[] {
  const { properties, items, description: sentence = '' } = outline;
  if (properties !== undefined) {
    const own = { key, allowed: 'an object', byDefault: undefined, sentence };
    return [...(sentence === '' ? [] : [own]), ...documentedKeys(outline, key)];
  }
  const own = { key, allowed: allowedWords(outline), byDefault: outline.default, sentence };
  const below = items?.properties === undefined ? [] : documentedKeys(items, `${key}[]`);
  return [own, ...below, ...variants(outline, key)];
}

/** Every key below a path, in the schema's order. */
export const documentedKeys = ({ properties = {} }: Outline, path = ''): readonly DocumentedKey[] =>
  Object.entries(properties).flatMap(([name, child]) =>
    keysAt(child, path === '' ? name : `${path}.${name}`),
  );
