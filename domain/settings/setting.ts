// A setting is a zod schema with a default and a sentence. The check, the documents and `ratchet config`
// all read the same schema.
import type { z } from 'zod';

/** What a schema says of itself besides its checks. */
declare module 'zod' {
  interface GlobalMeta {
    /** What is allowed, where the checks do not put it in words. */
    allowed?: string;
    /** A value to show where there is no default. */
    example?: unknown;
  }
}

/** A value with its default, as one would write it, and the sentence the documents say of it. */
export const setting = <Schema extends z.ZodType>(
  schema: Schema,
  byDefault: z.input<Schema>,
  sentence: string,
): z.ZodPrefault<Schema> => schema.prefault(byDefault).describe(sentence);

/** A value without a default, and the sentence of it. */
export const optionalSetting = <Schema extends z.ZodType>(
  schema: Schema,
  example: z.input<Schema>,
  sentence: string,
): z.ZodOptional<Schema> => schema.optional().meta({ description: sentence, example });
