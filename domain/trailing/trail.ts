// The running trail of one position: best price, stop and target, and the band of prices inside which nothing
// changes, so that ticks inside it need not be looked at.
import { directionSign, paise, type Paise } from '../units';
import { levelsAt, type Levels, type TrailingTerms } from './levels';

export interface Trail extends Levels {
  readonly best: Paise;
}

/** The prices at which something changes. Reaching either one is a crossing; both are inclusive. */
export interface TriggerBand {
  readonly above: Paise;
  readonly below: Paise;
}

/** What a price reaches. */
export type Touch = 'none' | 'target' | 'stop';

/** The trail at the moment of entry. */
export const startTrail = (terms: TrailingTerms): Trail => ({
  best: terms.entry,
  stop: terms.initialStop,
  target: terms.initialTarget,
});

/** Which level of the current trail a price reaches. */
export function touchedBy(terms: TrailingTerms, trail: Trail, price: Paise): Touch {
  const d = directionSign(terms.direction);
  if (d * (price - trail.stop) <= 0) return 'stop';
  return d * (price - trail.target) >= 0 ? 'target' : 'none';
}

/** The trail after a price. Best, stop and target move only in the position's favour. */
export function ratchet(terms: TrailingTerms, trail: Trail, price: Paise, atr: number): Trail {
  const d = directionSign(terms.direction);
  const best = d * (price - trail.best) > 0 ? price : trail.best;
  const levels = levelsAt(terms, best, atr);
  if (d * (levels.stop - trail.stop) <= 0) return { ...trail, best };
  return {
    best,
    stop: levels.stop,
    target: paise(d * Math.max(d * levels.target, d * trail.target)),
  };
}

/** The trail with its stop moved to `stop` by an operator. The target stays. */
export const tightened = (trail: Trail, stop: Paise): Trail => ({ ...trail, stop });

/**
 * The trail under other terms, from the best price so far. Without `force` neither level moves against the
 * position. With it both lie where the new policy would have put them.
 */
export function trailUnder(terms: TrailingTerms, trail: Trail, atr: number, force: boolean): Trail {
  const d = directionSign(terms.direction);
  const { stop, target } = levelsAt(terms, trail.best, atr);
  if (force) return { ...trail, stop, target };
  return {
    ...trail,
    stop: paise(d * Math.max(d * stop, d * trail.stop)),
    target: paise(d * Math.max(d * target, d * trail.target)),
  };
}

/**
 * The band around the price. On the favourable side lies the next price that moves the stop or reaches the
 * target; on the other side the stop. The price is found by bisection on the tick grid, since the stop only
 * grows with the best price.
 */
export function triggerBand(terms: TrailingTerms, trail: Trail, atr: number): TriggerBand {
  const d = directionSign(terms.direction);
  const favourable = nextRatchetPrice(terms, trail, atr);
  const edge = paise(d * Math.min(d * favourable, d * trail.target));
  return d === 1 ? { above: edge, below: trail.stop } : { above: trail.stop, below: edge };
}

function nextRatchetPrice(terms: TrailingTerms, trail: Trail, atr: number): Paise {
  const d = directionSign(terms.direction);
  const limit = d === 1 ? terms.band.upper : terms.band.lower;
  const ticks = Math.floor((d * (limit - trail.best)) / terms.tickSize);
  const at = (steps: number): Paise => paise(trail.best + d * steps * terms.tickSize);
  const moves = (steps: number): boolean =>
    d * (levelsAt(terms, at(steps), atr).stop - trail.stop) > 0;
  if (ticks < 1 || !moves(ticks)) return limit;
  let low = 0;
  let high = ticks;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (moves(middle)) high = middle;
    else low = middle;
  }
  return at(high);
}
