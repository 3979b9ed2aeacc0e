// Checks request bodies against their schema. The first fault is one sentence.
import type { z } from 'zod';
import { refused } from '../protocol/errors';

/** The body as the schema reads it. @throws Refused INPUT_INVALID naming the field. */
export function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw refused(
    'INPUT_INVALID',
    `${field === '' ? 'The body' : field}: ${issue?.message ?? 'is wrong'}.`,
  );
}
