// Finds the bar on which a difference changes sign. Exactly zero is neither side: touching it and turning
// back is not a crossing, and the mirrored series gives the mirrored answer.
import type { Turn } from './snapshot';

/** `next(difference)` names the turn on the bar where the difference reaches the other side. */
export function crossing(): { next(difference: number | null): Turn | null } {
  let side = 0;
  return {
    next(difference) {
      const now = Math.sign(difference ?? 0);
      if (now === 0) return null;
      const turned = side !== 0 && now !== side;
      side = now;
      if (!turned) return null;
      return now > 0 ? 'bullish' : 'bearish';
    },
  };
}
