// A trailing policy says how a position's stop follows its best price. It is validated where it enters the
// system, fixed in the position, and changed only by an explicit update. Distances are paise.
import { z } from 'zod';
import { Refused } from '../errors';
import { issueSentence } from '../settings';
import { paise } from '../units';
import { distanceSchema, trailingRuleSchema } from './rule';

/** Bounds on ATR now over ATR at entry, by which the stop's distance is scaled. */
export const volatilityAdjustmentSchema = z
  .strictObject({
    min: z.number().min(0.1).max(1).describe('Least factor, in a market that has calmed down.'),
    max: z.number().min(1).max(10).describe('Largest factor, in a market that has become wilder.'),
  })
  .readonly();

export const trailingPolicySchema = z
  .strictObject({
    rule: trailingRuleSchema.describe('How the stop follows.'),
    minProfitLock: z
      .int()
      .min(0)
      .transform(paise)
      .describe('No trailing before the position has gained this much, in paise.'),
    targetShare: z
      .number()
      .min(0)
      .max(1)
      .describe('Share of the stop’s shift by which the target shifts: 1 together, 0 not at all.'),
    volatilityAdjustment: volatilityAdjustmentSchema
      .describe('Bounds on ATR now over ATR at entry, by which the stop’s distance is scaled.')
      .optional(),
    maxTrailDistance: distanceSchema
      .describe('The stop is never farther than this from the best price, in paise.')
      .optional(),
    minStep: distanceSchema.describe('The stop moves in whole multiples of this, in paise.'),
    minIntervalMs: z
      .int()
      .min(0)
      .describe('Least time between two modifications of the resting order, in milliseconds.'),
  })
  .readonly();

export type TrailingPolicy = z.infer<typeof trailingPolicySchema>;

const refuse = (value: unknown, issues: readonly z.core.$ZodIssue[]): never => {
  throw new Refused({
    code: 'TRAILING_POLICY',
    message: `trailing policy: ${issueSentence(trailingPolicySchema, value, issues)}`,
  });
};

/** A policy from outside, read strictly. @throws Refused TRAILING_POLICY in one sentence. */
export function parsePolicy(value: unknown): TrailingPolicy {
  const parsed = trailingPolicySchema.safeParse(value);
  return parsed.success ? parsed.data : refuse(value, parsed.error.issues);
}

/**
 * The policy, checked. Keys that mean nothing are let through: a history may hold a policy that was accepted
 * with one. @throws Refused TRAILING_POLICY in one sentence.
 */
export function validatePolicy(policy: TrailingPolicy): TrailingPolicy {
  const issues = trailingPolicySchema
    .safeParse(policy)
    .error?.issues.filter(({ code }) => code !== 'unrecognized_keys');
  return issues === undefined || issues.length === 0 ? policy : refuse(policy, issues);
}
