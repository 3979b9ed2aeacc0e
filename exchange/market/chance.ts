// Seeded random numbers. Each draw of the exchange comes from a `Chance` made from the seed and a name, so a
// part that draws more often does not change the numbers of another.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of draws that depends only on its seed and name. */
export interface Chance {
  /** Uniform in [0, 1). */
  readonly unit: () => number;
  /** Uniform whole number in [from, to], both included. */
  readonly whole: (from: number, to: number) => number;
  /** Normal, mean 0, deviation 1. */
  readonly normal: () => number;
  /** One of the items. */
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
}

/** The stream called `name` under the seed. */
export function chanceFor(seed: number, name: string): Chance {
  const generator = xoroshiro128plus(textSeed(name, seed));
  const unit = (): number => uniformFloat64(generator);
  return {
    unit,
    whole: (from, to) => from + Math.floor(unit() * (to - from + 1)),
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    pick: (items) => items[Math.floor(unit() * items.length)] ?? items[0],
  };
}

/** FNV-1a over the name, started from the seed: a 32-bit number. */
export function textSeed(text: string, seed: number): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash | 0;
}
