// The gate between ticks and a position. Inside the band nothing is kept. From the first price outside it
// until the next band is known, every price is kept, since its meaning depends on that band. So the position
// sees the same as if it had looked at every tick.
import type { Paise } from '../units';
import type { TriggerBand } from './trail';

export interface TickGate extends TriggerBand {
  /** True once a price has left the band. */
  readonly crossed: boolean;
  /** Prices not sent yet, oldest first. */
  readonly path: readonly Paise[];
}

/** Most prices kept. Beyond it prices between the extremes are dropped, which can only delay a step. */
const pathMax = 256;

/** A gate for a band. It takes the prices an older gate had collected and not sent. */
export function openGate({ above, below }: TriggerBand, pending: readonly Paise[] = []): TickGate {
  return pending.reduce<TickGate>(offer, { above, below, crossed: false, path: [] });
}

/** The gate after a tick; the same object when the tick changes nothing. */
export function offer(gate: TickGate, price: Paise): TickGate {
  const inside = price < gate.above && price > gate.below;
  if ((inside && !gate.crossed) || gate.path.at(-1) === price) return gate;
  return { ...gate, crossed: true, path: thinned([...gate.path, price]) };
}

function thinned(path: readonly Paise[]): readonly Paise[] {
  if (path.length <= pathMax) return path;
  const extremes = new Set([Math.max(...path), Math.min(...path), path.at(-1)]);
  return path.filter((price, index) => index % 2 === 0 || extremes.has(price));
}

/** The gate after its path was sent. */
export const drained = (gate: TickGate): TickGate => ({ ...gate, path: [] });
