// Which stocks a headline is about. The longest name wins ("HDFC Bank" is not "HDFC"). A ticker counts only
// in capitals. A name that could mean several companies is left out with the reason, not guessed. Names:
// SEntFiN's alias file (MIT) and plain company names, see training/companyNames.ts.
import names from './aliases.json';
import type { Mention } from './headlineTokens';

/** A stock a headline names, and where. */
export interface StockLink {
  readonly tradingsymbol: string;
  readonly mention: Mention;
}

/** What a headline links to, and what was left out. */
export interface HeadlineLinks {
  readonly links: readonly StockLink[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

interface Alias {
  readonly tradingsymbol: string;
  /** Written in capitals in the list, so it must be in capitals in the headline. */
  readonly isTicker: boolean;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const longestName = 7;
const wordPattern = /[\p{L}\p{N}](?:[\p{L}\p{N}&.-]*[\p{L}\p{N}])?|&/gu;

const wordsOf = (text: string): Word[] =>
  [...text.matchAll(wordPattern)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));

const keyOf = (words: readonly Word[]): string =>
  words.map((word) => word.text.toLowerCase()).join(' ');

const nameKey = (name: string): string => keyOf(wordsOf(name));

const isTickerName = (name: string): boolean => !name.includes(' ') && name === name.toUpperCase();

/** Aliases by key. A stock whose ticker is also its name ("Reliance") is linked in any capitals. */
function aliasTable(): ReadonlyMap<string, Alias> {
  const table = new Map<string, Alias>();
  for (const [tradingsymbol, list] of Object.entries(names.companies)) {
    for (const name of list.split('|')) {
      const isTicker = isTickerName(name);
      if (!isTicker || !table.has(nameKey(name))) {
        table.set(nameKey(name), { tradingsymbol, isTicker });
      }
    }
  }
  return table;
}

const aliases = aliasTable();

const ambiguous: ReadonlyMap<string, string> = new Map(
  Object.entries(names.ambiguous).map(([name, reason]) => [nameKey(name), reason]),
);

type Match =
  | { readonly kind: 'stock'; readonly tradingsymbol: string }
  | { readonly kind: 'left-out'; readonly reason: string };

function matchOf(words: readonly Word[], shouting: boolean): Match | null {
  const key = keyOf(words);
  const alias = aliases.get(key);
  const [first] = words;
  if (alias !== undefined && first !== undefined) {
    const inCapitals = words.every((word) => word.text === word.text.toUpperCase());
    if (!alias.isTicker) {
      // A name without any capital is the ordinary word, as in "titan of industry".
      if (first.text !== first.text.toLowerCase()) {
        return { kind: 'stock', tradingsymbol: alias.tradingsymbol };
      }
    } else if (inCapitals && !shouting)
      return { kind: 'stock', tradingsymbol: alias.tradingsymbol };
    else if (inCapitals) {
      return { kind: 'left-out', reason: 'may be a ticker, but the whole headline is in capitals' };
    }
  }
  const reason = ambiguous.get(key);
  const named = first !== undefined && first.text !== first.text.toLowerCase();
  return reason === undefined || !named ? null : { kind: 'left-out', reason };
}

/** All stocks a headline names, each once, in the order of the text. */
export function linkHeadline(text: string): HeadlineLinks {
  const words = wordsOf(text);
  const shouting = text === text.toUpperCase();
  const links = new Map<string, StockLink>();
  const leftOut = new Map<string, string>();
  for (let from = 0; from < words.length;) {
    const found = longestMatch(words, from, shouting);
    if (found === null) {
      from += 1;
      continue;
    }
    const mention = { start: words[from]?.start ?? 0, end: words[found.to - 1]?.end ?? 0 };
    const name = text.slice(mention.start, mention.end);
    if (found.match.kind === 'left-out') leftOut.set(name, found.match.reason);
    else if (!links.has(found.match.tradingsymbol)) {
      links.set(found.match.tradingsymbol, { tradingsymbol: found.match.tradingsymbol, mention });
    }
    from = found.to;
  }
  return {
    links: [...links.values()],
    leftOut: [...leftOut].map(([name, reason]) => ({ name, reason })),
  };
}

function longestMatch(
  words: readonly Word[],
  from: number,
  shouting: boolean,
): { match: Match; to: number } | null {
  for (let to = Math.min(words.length, from + longestName); to > from; to -= 1) {
    const match = matchOf(words.slice(from, to), shouting);
    if (match !== null) return { match, to };
  }
  return null;
}
