// Trailing stops: policies, the levels they give, and the band of prices at which they change.
export { answerWantedMs, notFollowing, type Unanswered } from './following';
export { levelsAt, type Levels, type TrailingTerms } from './levels';
export { parsePolicy, trailingPolicySchema, validatePolicy, type TrailingPolicy } from './policy';
export type { TrailingRule } from './rule';
export {
  ratchet,
  startTrail,
  tightened,
  touchedBy,
  trailUnder,
  triggerBand,
  type Touch,
  type Trail,
  type TriggerBand,
} from './trail';
export { standardPolicy, trailingSchema, type StandardTrailing } from './standardPolicy';
export { drained, offer, openGate, type TickGate } from './tickGate';
export {
  openSieve,
  sieveTerms,
  sift,
  unmeasuredTerms,
  type SieveTerms,
  type TickSieve,
} from './outliers';
