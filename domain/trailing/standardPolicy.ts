// The policy a position gets when nothing else is configured. It is a hybrid sized by the position's own
// risk, so that one configuration fits a ₹150 stock and a ₹15,000 stock.
import { paise, type Paise } from '../units';
import { validatePolicy, type TrailingPolicy } from './policy';

/** Shares of the initial stop distance, except where said. */
export interface StandardTrailing {
  /** Gain at which trailing starts. */
  readonly profitLock: number;
  /** Share of the move by which the stop follows, 0–1. */
  readonly follow: number;
  /** Least distance from the stop to the best price. */
  readonly minDistance: number;
  /** Smallest move of the stop. */
  readonly minStep: number;
  /** Share of the stop's shift by which the target shifts, 0–1. */
  readonly targetShare: number;
  readonly minIntervalMs: number;
}

export const defaultTrailing: StandardTrailing = {
  profitLock: 0.5,
  follow: 0.8,
  minDistance: 0.5,
  minStep: 0.2,
  targetShare: 0.5,
  minIntervalMs: 300,
};

/** @throws Refused TRAILING_POLICY when the configuration makes no policy. */
export function standardPolicy(
  config: StandardTrailing,
  stopDistance: Paise,
  tickSize: Paise,
): TrailingPolicy {
  const part = (share: number): Paise =>
    paise(Math.max(1, Math.round((stopDistance * share) / tickSize)) * tickSize);
  return validatePolicy({
    rule: { kind: 'hybrid', share: config.follow, minDistance: part(config.minDistance) },
    minProfitLock: part(config.profitLock),
    targetShare: config.targetShare,
    minStep: part(config.minStep),
    minIntervalMs: config.minIntervalMs,
  });
}
