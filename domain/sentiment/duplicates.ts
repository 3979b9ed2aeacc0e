// One story told by ten sites is one story. Copies are found by the words they share, so a changed source
// name or a reordered clause does not count as new.

/** The fields by which two items are compared. */
export interface Story {
  readonly headline: string;
  readonly publishedAt: number;
}

const sameStory = 0.7;

/** Words of a headline; a trailing " - Source" or " | Source" is not part of the story. */
function storyWords(headline: string): Set<string> {
  const story = headline.replace(/\s+[-|–—]\s+[^-|–—]{2,40}$/, '');
  return new Set(story.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 1 : shared / all;
}

/**
 * Items grouped by story. Each group begins with its earliest telling, and groups are in the order of those.
 */
export function storiesOf<Item extends Story>(items: readonly Item[]): Item[][] {
  const groups: { words: Set<string>; items: Item[] }[] = [];
  const inOrder = [...items].sort(
    (a, b) => a.publishedAt - b.publishedAt || (a.headline < b.headline ? -1 : 1),
  );
  for (const item of inOrder) {
    const words = storyWords(item.headline);
    const known = groups.find((group) => overlap(group.words, words) >= sameStory);
    if (known === undefined) groups.push({ words, items: [item] });
    else known.items.push(item);
  }
  return groups.map((group) => group.items);
}
