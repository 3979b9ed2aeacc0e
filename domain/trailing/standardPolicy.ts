// The policy a position gets when it enters: what is configured, sized by the position's own risk. Where
// nothing is configured it is a hybrid.
import { z } from 'zod';
import { optionalSetting, setting } from '../settings';
import { paise, type Paise } from '../units';
import { validatePolicy, volatilityAdjustmentSchema, type TrailingPolicy } from './policy';
import { configuredRuleSchema, sizedRule, type ConfiguredRule } from './rule';

const ofStopDistance = z.number().min(0.01).max(10);

/** Distances are shares of the initial stop distance. */
export const trailingSchema = z
  .strictObject({
    profitLock: setting(
      z.number().min(0).max(10),
      0.5,
      'Gain from which the stop trails, in initial stop distances.',
    ),
    follow: setting(
      z.number().min(0.01).max(1),
      0.8,
      'Share of the gain by which the stop moves. Not beside `rule`.',
    ),
    minDistance: setting(
      ofStopDistance,
      0.5,
      'Nearest the stop comes to the best price, in initial stop distances. Not beside `rule`.',
    ),
    rule: optionalSetting(
      configuredRuleSchema,
      { kind: 'atr' },
      'Another way to follow, instead of `follow` and `minDistance`.',
    ),
    minStep: setting(ofStopDistance, 0.2, 'Smallest move of the stop, in initial stop distances.'),
    maxTrailDistance: optionalSetting(
      ofStopDistance,
      2,
      'The stop is never farther than this from the best price, in initial stop distances.',
    ),
    volatilityAdjustment: optionalSetting(
      volatilityAdjustmentSchema,
      { min: 0.5, max: 2 },
      'Bounds on ATR now over ATR at entry, by which the stop’s distance is scaled.',
    ),
    targetShare: setting(
      z.number().min(0).max(1),
      0.5,
      'Share of the stop’s shift by which the target shifts: 1 together, 0 not at all.',
    ),
    minIntervalMs: setting(
      z.int().min(0).max(3_600_000),
      300,
      'Least time between two modifications of the resting order, in milliseconds.',
    ),
  })
  .readonly();

export type StandardTrailing = z.infer<typeof trailingSchema>;

/** The configured rule; without one the hybrid of `follow` and `minDistance`. */
const ruleOf = ({ rule, follow, minDistance }: StandardTrailing): ConfiguredRule =>
  rule ?? { kind: 'hybrid', share: follow, minDistance };

/** @throws Refused TRAILING_POLICY when the configuration makes no policy. */
export function standardPolicy(
  config: StandardTrailing,
  stopDistance: Paise,
  tickSize: Paise,
): TrailingPolicy {
  const part = (share: number): Paise =>
    paise(Math.max(1, Math.round((stopDistance * share) / tickSize)) * tickSize);
  const { maxTrailDistance, volatilityAdjustment, targetShare, minIntervalMs } = config;
  return validatePolicy({
    rule: sizedRule(ruleOf(config), part),
    minProfitLock: part(config.profitLock),
    targetShare,
    ...(volatilityAdjustment === undefined ? {} : { volatilityAdjustment }),
    ...(maxTrailDistance === undefined ? {} : { maxTrailDistance: part(maxTrailDistance) }),
    minStep: part(config.minStep),
    minIntervalMs,
  });
}
