// How far this machine's clock is from the broker's. The broker tells whole seconds, and some instant between
// question and answer; so one answer leaves more than a second open, and several together leave less.
import type { EpochMs } from '../units';

/** One question for the broker's time. */
export interface ClockSample {
  /** Host clock. */
  readonly askedAt: EpochMs;
  /** Host clock. */
  readonly answeredAt: EpochMs;
  /** The broker's clock, cut off to its second. */
  readonly told: EpochMs;
}

/** How far the host's clock is ahead of the broker's, milliseconds, at least and at most; below 0 it is behind. */
export interface ClockBounds {
  readonly aheadMin: number;
  readonly aheadMax: number;
}

/** A clock further off than this makes bars late and orders early. */
export const clockOffMaxMs = 1_000;

const secondMs = 1_000;

/** What the samples leave open; null where they contradict each other: a clock was set meanwhile. */
export function clockBounds(samples: readonly ClockSample[]): ClockBounds | null {
  const aheadMin = Math.max(...samples.map(({ askedAt, told }) => askedAt - told - secondMs));
  const aheadMax = Math.min(...samples.map(({ answeredAt, told }) => answeredAt - told));
  return samples.length > 0 && aheadMin <= aheadMax ? { aheadMin, aheadMax } : null;
}

/** The distance that is certain, 0 or more. */
export const clockOffBy = ({ aheadMin, aheadMax }: ClockBounds): number =>
  Math.max(0, aheadMin, -aheadMax);

/** Is it certain that the clock is right, or that it is not? Else another sample may tell. */
export const isClockDecided = (bounds: ClockBounds): boolean =>
  clockOffBy(bounds) > clockOffMaxMs ||
  Math.max(Math.abs(bounds.aheadMin), Math.abs(bounds.aheadMax)) <= clockOffMaxMs;
