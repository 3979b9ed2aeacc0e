// A trailing policy says how a position's stop follows its best price. It is validated where it enters the
// system, fixed in the position, and changed only by an explicit update. Distances are paise.
import { Refused } from '../errors';
import type { Paise } from '../units';

/** How far the stop shifts for a favourable move `m` (docs/trailing.md, Levels). */
export type TrailingRule =
  /** `stepStop` for every whole `stepMove` gained. */
  | { readonly kind: 'fixed'; readonly stepMove: Paise; readonly stepStop: Paise }
  /** `share` of the move, 0–1. */
  | { readonly kind: 'percentage'; readonly share: number }
  /** The stop trails the best price by `multiple` × ATR. */
  | { readonly kind: 'atr'; readonly multiple: number }
  /** `share` of the move, but never nearer than `minDistance` to the best price. */
  | { readonly kind: 'hybrid'; readonly share: number; readonly minDistance: Paise };

export interface TrailingPolicy {
  readonly rule: TrailingRule;
  /** No trailing before the position has gained this much, inclusive. */
  readonly minProfitLock: Paise;
  /**
   * The share of the stop's shift by which the target shifts: 1 moves both together, 0 keeps the target
   * fixed.
   */
  readonly targetShare: number;
  /** Bounds on ATR now / ATR at entry, by which the stop's distance is scaled. */
  readonly volatilityAdjustment?: { readonly min: number; readonly max: number };
  /** The stop is never farther than this from the best price once trailing is active. */
  readonly maxTrailDistance?: Paise;
  /** The stop moves in whole multiples of this. That also makes it independent of the ticks' path. */
  readonly minStep: Paise;
  /** Least time between two modifications of the resting order, milliseconds of host time. */
  readonly minIntervalMs: number;
}

interface Check {
  readonly field: string;
  readonly value: number;
  readonly ok: boolean;
  readonly allowed: string;
}

const positive = (field: string, value: number): Check => ({
  field,
  value,
  ok: Number.isSafeInteger(value) && value > 0,
  allowed: 'a whole number of paise above 0',
});
const whole = (field: string, value: number): Check => ({
  field,
  value,
  ok: Number.isSafeInteger(value) && value >= 0,
  allowed: 'a whole number, 0 or more',
});
const within = (field: string, value: number, min: number, max: number): Check => ({
  field,
  value,
  ok: value >= min && value <= max,
  allowed: `between ${min} and ${max}`,
});

function ruleChecks(rule: TrailingRule): Check[] {
  switch (rule.kind) {
    case 'fixed':
      return [positive('rule.stepMove', rule.stepMove), positive('rule.stepStop', rule.stepStop)];
    case 'percentage':
      return [within('rule.share', rule.share, 0.01, 1)];
    case 'atr':
      return [within('rule.multiple', rule.multiple, 0.1, 20)];
    case 'hybrid':
      return [
        within('rule.share', rule.share, 0.01, 1),
        positive('rule.minDistance', rule.minDistance),
      ];
  }
}

/**
 * Checks the policy and returns it. @throws Refused TRAILING_POLICY naming the field, its value and what is
 * allowed.
 */
export function validatePolicy(policy: TrailingPolicy): TrailingPolicy {
  const { volatilityAdjustment: adjust, maxTrailDistance } = policy;
  const checks = [
    ...ruleChecks(policy.rule),
    whole('minProfitLock', policy.minProfitLock),
    within('targetShare', policy.targetShare, 0, 1),
    positive('minStep', policy.minStep),
    whole('minIntervalMs', policy.minIntervalMs),
    ...(maxTrailDistance === undefined ? [] : [positive('maxTrailDistance', maxTrailDistance)]),
    ...(adjust === undefined
      ? []
      : [
          within('volatilityAdjustment.min', adjust.min, 0.1, 1),
          within('volatilityAdjustment.max', adjust.max, 1, 10),
        ]),
  ];
  const broken = checks.find((check) => !check.ok);
  if (broken === undefined) return policy;
  throw new Refused({
    code: 'TRAILING_POLICY',
    message: `trailing policy: ${broken.field} must be ${broken.allowed}, was ${broken.value}`,
  });
}
