// The tree-structured Parzen estimator: points are drawn where good trials lie close together and bad ones do not.
// Source: Bergstra, Bardenet, Bengio and Kégl, Algorithms for Hyper-Parameter Optimization, NeurIPS 2011; the share of
// good trials and the prior are Optuna's. Each key is looked at by itself.
import { normalBelow, normalQuantile } from './normal';
import { randomPoint } from './sampling';
import { placeOf, valueAt, type Parameter, type Point, type Space, type Value } from './space';

/** A trial and its score; more is better. */
export interface Scored {
  readonly point: Point;
  readonly score: number;
}

/** So many trials are drawn by lot before the first estimate. */
export const firstByLot = 10;
/** How many candidates are drawn for one point. */
const candidates = 24;
/** The narrowest a kernel may be, of the whole range. */
const widthMin = 0.02;

const goodOf = (trials: number): number => Math.min(25, Math.ceil(0.1 * trials) + 1);

/** Kernels around places in [0, 1], and one flat over all of it. */
interface Mixture {
  readonly density: (place: number) => number;
  readonly draw: (unit: () => number) => number;
}

function ranged(places: readonly number[]): Mixture {
  const sorted = places.toSorted((a, b) => a - b);
  const kernels = sorted.map((centre, index) => {
    const gaps = [centre - (sorted[index - 1] ?? 0), (sorted[index + 1] ?? 1) - centre];
    const width = Math.min(0.5, Math.max(widthMin, ...gaps, 1 / (5 + sorted.length)));
    const low = normalBelow((0 - centre) / width);
    return { centre, width, low, mass: normalBelow((1 - centre) / width) - low };
  });
  const parts = kernels.length + 1;
  return {
    density: (place) =>
      kernels.reduce((sum, { centre, width, mass }) => {
        const distance = (place - centre) / width;
        const height = Math.exp(-0.5 * distance ** 2) / Math.sqrt(2 * Math.PI);
        return sum + height / (width * mass);
      }, 1) / parts,
    draw: (unit) => {
      const kernel = kernels[Math.floor(unit() * parts)];
      if (kernel === undefined) return unit();
      const { centre, width, low, mass } = kernel;
      const place = centre + width * normalQuantile(low + unit() * mass);
      return Math.min(1 - 1e-9, Math.max(0, place));
    },
  };
}

/** Choices are counted, each once more than it occurs. */
function counted(places: readonly number[], choices: number): Mixture {
  const counts = Array.from({ length: choices }, () => 1);
  const indexOf = (place: number): number => Math.min(choices - 1, Math.floor(place * choices));
  for (const place of places) counts[indexOf(place)] = (counts[indexOf(place)] ?? 0) + 1;
  const all = places.length + choices;
  return {
    density: (place) => (counts[indexOf(place)] ?? 0) / all,
    draw: (unit) => {
      let left = unit() * all;
      const index = counts.findIndex((count) => (left -= count) < 0);
      return (Math.max(0, index) + 0.5) / choices;
    },
  };
}

const mixtureOf = (parameter: Parameter, trials: readonly Scored[]): Mixture => {
  const places = trials.map(({ point }) => placeOf(parameter, point[parameter.key]));
  return parameter.kind === 'choice' ? counted(places, parameter.choices.length) : ranged(places);
};

/** The next point to try. @param unit uniform in [0, 1). */
export function tpePoint(space: Space, trials: readonly Scored[], unit: () => number): Point {
  if (trials.length < firstByLot) return randomPoint(space, unit);
  const ranked = trials.toSorted((one, other) => other.score - one.score);
  const good = goodOf(ranked.length);
  const next: Record<string, Value> = {};
  for (const parameter of space) {
    const inGood = mixtureOf(parameter, ranked.slice(0, good));
    const inBad = mixtureOf(parameter, ranked.slice(good));
    let best = { place: 0, worth: -Infinity };
    for (let drawn = 0; drawn < candidates; drawn += 1) {
      const place = inGood.draw(unit);
      const worth = inGood.density(place) / inBad.density(place);
      if (worth > best.worth) best = { place, worth };
    }
    next[parameter.key] = valueAt(parameter, best.place);
  }
  return next;
}
