// The check of a strategy's configured values, made of their declaration.
import { z } from 'zod';
import { setting } from '../settings';
import type { Parameter, Parameters, ValuesOf } from './declared';

function schemaOf(parameter: Parameter): z.ZodType {
  switch (parameter.kind) {
    case 'choice':
      return setting(z.enum([...parameter.of]), parameter.default, parameter.meaning);
    case 'flag':
      return setting(z.boolean(), parameter.default, parameter.meaning);
    case 'integer':
      return setting(
        z.int().min(parameter.least).max(parameter.most),
        parameter.default,
        parameter.meaning,
      );
    case 'number':
      return setting(
        z.number().min(parameter.least).max(parameter.most),
        parameter.default,
        parameter.meaning,
      );
    case 'optional':
      return setting(
        z.number().min(parameter.least).max(parameter.most).nullable(),
        parameter.default,
        parameter.meaning,
      );
  }
}

/** The check of a strategy's configured values; what is left out has its default. */
export const parametersSchema = <Declared extends Parameters>(
  declared: Declared,
): z.ZodPrefault<z.ZodType<ValuesOf<Declared>>> =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(declared).map(([name, parameter]) => [name, schemaOf(parameter)]),
      ),
    )
    .readonly()
    // Each value's schema is made of its declaration, which TypeScript does not follow through an object's entries.
    .prefault({}) as unknown as z.ZodPrefault<z.ZodType<ValuesOf<Declared>>>;
