// The key that was probably meant: the one with the fewest edits between them.

/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
export function editsBetween(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = next;
  }
  return last[to.length] ?? 0;
}

/** The nearest of the keys; undefined where none is near: more than a third of the word is different. */
export function nearestKey(word: string, keys: readonly string[]): string | undefined {
  const [nearest] = keys
    .map((key) => ({ key, edits: editsBetween(word.toLowerCase(), key.toLowerCase()) }))
    .filter(({ key, edits }) => edits <= Math.max(1, Math.floor(key.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return nearest?.key;
}
