/**
 * Where the first of ascending instants at or after one is; their number where there is none.
 * @param at the instant of a place.
 */
export function firstFrom(length: number, at: (place: number) => number, wanted: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
