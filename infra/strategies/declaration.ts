// What a strategy's file declares, checked: its sentence, its parameters with their ranges, its weights.
import { z } from 'zod';
import { Refused } from '../../domain/errors';
import { issueSentence } from '../../domain/settings';
import {
  evenWeights,
  parametersSchema,
  type MarketWeights,
  type Parameters,
  type ParameterValues,
} from '../../domain/strategy';

/** A strategy's declaration without its functions. JSON-plain. */
export interface Declaration {
  readonly sentence: string;
  readonly source?: string;
  readonly parameters: Parameters;
  readonly weights: MarketWeights;
  /** Names of its own indicators. */
  readonly indicators: readonly string[];
}

const sentence = z.string().trim().min(1).max(300);
const inRange = z.number();
const stepped = { least: inRange, most: inRange, step: z.number().positive().optional() };
const parameterSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), meaning: sentence, default: inRange, ...stepped }),
  z.strictObject({ kind: z.literal('integer'), meaning: sentence, default: z.int(), ...stepped }),
  z.strictObject({
    kind: z.literal('optional'),
    meaning: sentence,
    default: inRange.nullable(),
    ...stepped,
  }),
  z.strictObject({
    kind: z.literal('choice'),
    meaning: sentence,
    default: z.string(),
    of: z.array(z.string().min(1)).min(1),
  }),
  z.strictObject({ kind: z.literal('flag'), meaning: sentence, default: z.boolean() }),
]);

const weight = z.number().positive().max(100);
export const weightsSchema = z.strictObject({
  trending: weight,
  ranging: weight,
  volatile: weight,
});

const identifier = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/, 'must be a name of letters and digits, a letter first');

const declarationSchema = z.strictObject({
  sentence,
  source: sentence.optional(),
  parameters: z.record(identifier, parameterSchema),
  weights: weightsSchema.optional(),
  indicators: z.array(identifier),
});

/** @throws Refused STRATEGY_DECLARATION naming what is declared wrongly. */
export function checkedDeclaration(name: string, told: unknown): Declaration {
  const parsed = declarationSchema.safeParse(told);
  if (!parsed.success) refuse(name, issueSentence(declarationSchema, told, parsed.error.issues));
  const { source, weights = evenWeights, ...rest } = parsed.data;
  // What was left out is absent.
  const declared = { ...rest, weights, ...(source !== undefined && { source }) } as Declaration;
  const defaults = Object.entries(declared.parameters).map(([key, one]) => [key, one.default]);
  const byDefault = valuesOf(declared.parameters, Object.fromEntries(defaults));
  if (typeof byDefault === 'string') refuse(name, `the default of ${byDefault}`);
  return declared;
}

/** The values in force: those that are written, and defaults; or what is wrong, in words. */
export function valuesOf(parameters: Parameters, written: unknown): ParameterValues | string {
  const schema = parametersSchema(parameters);
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  return issueSentence(schema, written, parsed.error.issues);
}

function refuse(name: string, why: string): never {
  throw new Refused({ code: 'STRATEGY_DECLARATION', message: `${name}: ${why}` });
}
