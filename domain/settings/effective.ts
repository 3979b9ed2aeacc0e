// The values in force, key by key, and which of them were written down.
import { isRecord, childOf, variantOf, type Outline } from './outline';

export interface EffectiveSetting {
  /** The dotted path. */
  readonly key: string;
  /** null where it may be left out and is. */
  readonly value: unknown;
  readonly source: 'default' | 'set';
}

/**
 * Every setting of a checked value, in the schema's order.
 * @param written what the value was read from.
 */
export function effectiveSettings(
  outline: Outline,
  value: unknown,
  written: unknown,
  key = '',
): readonly EffectiveSetting[] {
  const { properties } = variantOf(outline, value);
  if (properties === undefined || !isRecord(value))
    return [{ key, value: value ?? null, source: written === undefined ? 'default' : 'set' }];
  return Object.keys(properties).flatMap((name) =>
    effectiveSettings(
      childOf(outline, value, name) ?? {},
      value[name],
      isRecord(written) ? written[name] : undefined,
      key === '' ? name : `${key}.${name}`,
    ),
  );
}
