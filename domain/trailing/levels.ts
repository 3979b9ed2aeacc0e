// Stop and target for a best price. One formula serves both directions, mirrored by `d`. The result depends
// on the best price and the ATR alone, not on the ticks that led there, so the stop from crossings equals the
// stop from every tick.
import { clampToBand, type PriceBand } from '../market/instrument';
import { directionSign, paise, type Direction, type Paise } from '../units';
import type { TrailingPolicy } from './policy';
import { ruleOffset, tightestMoves } from './rule';

/** The terms a position trails by; fixed when it is entered. */
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

/** The factor by which volatility widens or narrows the distance from the best price to the stop. */
function volatilityScale({ policy, atrAtEntry }: TrailingTerms, atr: number): number {
  const bounds = policy.volatilityAdjustment;
  return bounds === undefined || atrAtEntry <= 0 || atr <= 0
    ? 1
    : Math.min(bounds.max, Math.max(bounds.min, atr / atrAtEntry));
}

/** Rounded up to whole `step`s. A value that is whole but for the last bits of a float stays as it is. */
const upTo = (value: number, step: number): number => Math.ceil(value / step - 1e-9) * step;
const downTo = (value: number, step: number): number => Math.floor(value / step + 1e-9) * step;

/**
 * Stop and target for the best price so far (highest for a long, lowest for a short), never looser than the
 * initial levels. `atr` is the current one in paise; 0 when unknown. All is computed as distances in the
 * position's favour, so that a short is a long's mirror image to the last bit. The rules in words:
 * docs/trailing.md, Levels.
 */
export function levelsAt(terms: TrailingTerms, best: Paise, atr: number): Levels {
  const d = directionSign(terms.direction);
  const { policy, initialStop, initialTarget, tickSize, band } = terms;
  const move = Math.max(0, d * (best - terms.entry));
  if (move < policy.minProfitLock || move === 0)
    return { stop: initialStop, target: initialTarget };
  const initial = d * (initialStop - terms.entry);
  const scale = volatilityScale(terms, atr);
  const offsets = tightestMoves(policy.rule, initial, move, tickSize / scale).map((at) => {
    const distance = scale * (at - ruleOffset(policy.rule, initial, at, atr));
    // A stop at the best price itself would be crossed by the price that made it.
    return at - Math.max(Math.min(distance, policy.maxTrailDistance ?? Infinity), tickSize);
  });
  const wanted = upTo(Math.max(...offsets) - initial, tickSize);
  const steps = Math.max(0, downTo(wanted, Math.max(policy.minStep, 1)));
  const stop = clampToBand(paise(initialStop + d * upTo(steps, tickSize)), band, tickSize);
  const shifted = downTo(policy.targetShare * Math.max(0, d * (stop - initialStop)), tickSize);
  return {
    stop: paise(d * Math.max(d * stop, d * initialStop)),
    target: clampToBand(paise(initialTarget + d * shifted), band, tickSize),
  };
}
