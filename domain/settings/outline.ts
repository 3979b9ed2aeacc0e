// The outline of a schema: what each key takes, in JSON Schema as zod writes it. Documents, refusals and
// `ratchet config show` are read from it.
import { z } from 'zod';

/** The parts of JSON Schema that our schemas lead to. */
export interface Outline {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly allowed?: string;
  readonly example?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Outline>>;
  readonly additionalProperties?: boolean | Outline;
  readonly items?: Outline;
  /** Alternatives: a value or null. */
  readonly anyOf?: readonly Outline[];
  /** The variants of a union, told apart by `kind`. */
  readonly oneOf?: readonly Outline[];
}

/** What is written, before defaults. */
export const outlineOf = (schema: z.ZodType): Outline =>
  z.toJSONSchema(schema, { io: 'input' }) as Outline;

/** The variant of a union that a value says it is; the outline itself where it is no union. */
export function variantOf(outline: Outline, value: unknown): Outline {
  const kind = isRecord(value) ? value['kind'] : undefined;
  return outline.oneOf?.find(({ properties }) => properties?.['kind']?.const === kind) ?? outline;
}

/** What may stand under a key of a value; undefined where the key is none. */
export function childOf(outline: Outline, value: unknown, key: PropertyKey): Outline | undefined {
  const { properties, additionalProperties, items } = variantOf(outline, value);
  if (typeof key === 'number') return items;
  const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return properties?.[String(key)] ?? rest;
}

/** The keys a value may have; of a union whose kind is not known, those of every variant. */
export function keysOf(outline: Outline, value: unknown): readonly string[] {
  const { properties = {}, oneOf = [] } = variantOf(outline, value);
  return [...new Set([...Object.keys(properties), ...oneOf.flatMap((one) => keysOf(one, value))])];
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
