// Points of a space: drawn by lot, or all of a grid.
import { levelsOf, pointOf, valueAt, type Point, type Space, type Value } from './space';

/** @param unit uniform in [0, 1). */
export const randomPoint = (space: Space, unit: () => number): Point =>
  pointOf(space, (parameter) => valueAt(parameter, unit()));

/** A range without steps has so many values in a grid. */
const levelsUsual = 5;

function levelValues(parameter: Space[number]): readonly Value[] {
  const levels = levelsOf(parameter);
  if (levels === null && parameter.kind !== 'choice') {
    const { least, most } = parameter;
    return Array.from(
      { length: levelsUsual },
      (_, level) => least + (level / (levelsUsual - 1)) * (most - least),
    );
  }
  const count = levels ?? 0;
  return Array.from({ length: count }, (_, level) => valueAt(parameter, (level + 0.5) / count));
}

export const gridSize = (space: Space): number =>
  space.reduce((size, parameter) => size * (levelsOf(parameter) ?? levelsUsual), 1);

/** One point of the grid; the last key changes fastest. @param index from 0 to `gridSize` − 1. */
export function gridPoint(space: Space, index: number): Point {
  let left = index;
  const point: Record<string, Value> = {};
  for (const parameter of space.toReversed()) {
    const values = levelValues(parameter);
    point[parameter.key] = values[left % values.length] ?? '';
    left = Math.floor(left / values.length);
  }
  return pointOf(space, ({ key }) => point[key] ?? '');
}
