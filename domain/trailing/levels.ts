// Where stop and target belong for a best price. One formula serves both directions: `d` mirrors it.
// The result depends only on the best price and the ATR, not on the path of ticks that led there, so
// the stop from coalesced crossings equals the stop from every tick.
import { clampToBand, roundToTick, type PriceBand } from '../market/instrument';
import { directionSign, paise, type Direction, type Paise } from '../units';
import type { TrailingPolicy, TrailingRule } from './policy';

/** What a position's trailing starts from; frozen when it is entered. */
export interface TrailingTerms {
  readonly direction: Direction;
  readonly entry: Paise;
  readonly initialStop: Paise;
  readonly initialTarget: Paise;
  readonly tickSize: Paise;
  readonly band: PriceBand;
  /** ATR when the position was entered, paise; 0 when unknown. */
  readonly atrAtEntry: number;
  readonly policy: TrailingPolicy;
}

/** Stop and target, on the tick grid and inside the band. */
export interface Levels {
  readonly stop: Paise;
  readonly target: Paise;
}

const rawStop = (terms: TrailingTerms, best: number, move: number, atr: number): number => {
  const d = directionSign(terms.direction);
  const shifted = (shift: number): number => terms.initialStop + d * shift;
  const rule: TrailingRule = terms.policy.rule;
  switch (rule.kind) {
    case 'fixed':
      return shifted(Math.floor(move / rule.stepMove) * rule.stepStop);
    case 'percentage':
      return shifted(rule.share * move);
    case 'atr':
      return best - d * rule.multiple * atr;
    case 'hybrid':
      return d * Math.min(d * shifted(rule.share * move), d * (best - d * rule.minDistance));
  }
};

/** Scales the distance from best to stop by volatility, then caps it. */
function adjustDistance(terms: TrailingTerms, best: number, stop: number, atr: number): number {
  const d = directionSign(terms.direction);
  const { volatilityAdjustment: bounds, maxTrailDistance } = terms.policy;
  let distance = d * (best - stop);
  if (bounds !== undefined && terms.atrAtEntry > 0 && atr > 0) {
    distance *= Math.min(bounds.max, Math.max(bounds.min, atr / terms.atrAtEntry));
  }
  if (maxTrailDistance !== undefined) distance = Math.min(distance, maxTrailDistance);
  return best - d * distance;
}

/**
 * Stop and target for the best price seen so far (highest for a long, lowest for a short).
 * Never looser than the initial levels. `atr` is today's, paise; 0 when unknown.
 * Source: design.md section 7.
 */
export function levelsAt(terms: TrailingTerms, best: Paise, atr: number): Levels {
  const d = directionSign(terms.direction);
  const { policy, initialStop, initialTarget, tickSize, band } = terms;
  const move = Math.max(0, d * (best - terms.entry));
  if (move < policy.minProfitLock || move === 0)
    return { stop: initialStop, target: initialTarget };
  const adjusted = adjustDistance(terms, best, rawStop(terms, best, move, atr), atr);
  // A stop at the best price itself would be crossed by the very price that made it.
  const wanted = d * Math.min(d * adjusted, d * best - tickSize);
  const tighter = roundToTick(wanted, tickSize, d === 1 ? 'up' : 'down');
  const quantum = Math.max(policy.minStep, 1);
  const shift = Math.max(0, Math.floor((d * (tighter - initialStop)) / quantum) * quantum);
  const onGrid = roundToTick(initialStop + d * shift, tickSize, d === 1 ? 'up' : 'down');
  const stop = clampToBand(onGrid, band, tickSize);
  const targetShift = policy.targetShare * d * (stop - initialStop);
  const target = roundToTick(initialTarget + d * targetShift, tickSize, d === 1 ? 'down' : 'up');
  return {
    stop: paise(d * Math.max(d * stop, d * initialStop)),
    target: clampToBand(target, band, tickSize),
  };
}
