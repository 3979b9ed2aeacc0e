// The first place in which two plain values differ.

export interface Difference {
  /** Dotted; empty where the values themselves are of different kinds. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** In the order of the fields; null where nothing differs. */
export function firstDifference(before: unknown, after: unknown, field = ''): Difference | null {
  if (!isFields(before) || !isFields(after))
    return Object.is(before, after) ? null : { field, before, after };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const below = firstDifference(before[key], after[key], field === '' ? key : `${field}.${key}`);
    if (below !== null) return below;
  }
  return null;
}
