// The section `sectors`: industries of stocks the shipped table does not know, or groups otherwise.
import { z } from 'zod';

export const sectorsSchema = z
  .record(
    z.string().regex(/^[A-Z0-9&_-]{1,30}$/, 'must be a trading symbol like INFY'),
    z
      .string()
      .regex(
        /^\S(?:.{0,58}\S)?$/,
        'must be an industry of 1 to 60 characters without outer spaces',
      ),
  )
  .default({})
  .describe('Industry by trading symbol, beside or in place of the shipped table.');
