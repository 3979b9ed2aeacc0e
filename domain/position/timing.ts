// How long a position waits for things, in a market that runs `speed` times as fast as the host.
import type { PositionTiming } from './terms';

/** Durations in host milliseconds. Floors keep them above what one machine needs. */
export function positionTiming(speed: number): PositionTiming {
  const ms = (marketMs: number, floor: number): number =>
    Math.max(floor, Math.round(marketMs / speed));
  return {
    entryLifeMs: ms(60_000, 2_000),
    rereadMs: ms(20_000, 2_500),
    repriceMs: ms(4_000, 1_200),
    stopDoubtMs: 2_500,
  };
}
