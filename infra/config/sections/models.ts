// The model server; `decision.model` says what happens without an answer of it.
import { z } from 'zod';
import { setting } from '../../../domain/settings';

export const modelsSchema = z.strictObject({
  deadlineMs: setting(
    z.int().min(50).max(30_000),
    2_000,
    'How long a score is waited for, in milliseconds.',
  ),
});
