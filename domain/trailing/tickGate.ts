// The gate between ticks and a position: collects the prices that matter while they may not be sent yet.
// Inside the band nothing is kept; outside, each new extreme is, in order, so that the position sees what
// it would have seen tick by tick.
import type { Paise } from '../units';
import type { TriggerBand } from './trail';

export interface TickGate extends TriggerBand {
  /** Extremes outside the band not sent yet, oldest first. */
  readonly path: readonly Paise[];
  /** Farthest prices ever sent or kept under this band; only beyond them is news. */
  readonly high: number;
  readonly low: number;
}

/** More extremes than this between two signals are thinned to the latest: the ends are what decides. */
export const pathMax = 64;

/** A gate for a band, keeping what an older gate had collected that still matters. */
export function openGate({ above, below }: TriggerBand, pending: readonly Paise[] = []): TickGate {
  return pending.reduce<TickGate>(offer, {
    above,
    below,
    path: [],
    high: -Infinity,
    low: Infinity,
  });
}

/** The gate after a tick; the same object when the tick changes nothing. */
export function offer(gate: TickGate, price: Paise): TickGate {
  const higher = price >= gate.above && price > gate.high;
  const lower = price <= gate.below && price < gate.low;
  if (!higher && !lower) return gate;
  const path = [...gate.path.slice(1 - pathMax), price];
  return { ...gate, path, high: Math.max(gate.high, price), low: Math.min(gate.low, price) };
}

/** The gate with its path sent. */
export const drained = (gate: TickGate): TickGate => ({ ...gate, path: [] });
