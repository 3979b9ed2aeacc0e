// Which stocks a headline is about. The longest name wins ("HDFC Bank" is not "HDFC"), among all names of the day's
// table (names/nameTable.ts). A ticker counts only in capitals. A name that could mean several companies, that
// goes on in words of a company's name, or whose surroundings mean something else, is left out with the reason, not
// guessed.
import type { Mention } from './headlineTokens';
import rules from './names/companyRules.json';
import { guardAnswer, isMarketWord } from './names/guards';
import {
  nameTable,
  type Meaning,
  type NameNode,
  type NameTable,
  type StockMeaning,
} from './names/nameTable';
import { isRaised, isUpper, listed, wordsOf, type Word } from './names/words';

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

let made: NameTable | undefined;
/** The project's own table, without a day's list; made when it is first needed. */
const ownTable = (): NameTable => (made ??= nameTable(null));

const connecting = new Set(['of', 'and', '&', 'the']);
const tails = new Set(listed(rules.tails));
/** Words with a capital that follow a name without belonging to it. */
const notNames = new Set(listed(rules.notNames));
const funds = new Set(listed(rules.funds));
const advisers = new Set(listed(rules.advisers));
const advice = new Set(listed(rules.advice));
const adviceWith = new Set(listed(rules.adviceWith));

interface Headline {
  readonly text: string;
  readonly words: readonly Word[];
  /** All capitals, or none: the letters say nothing of names. */
  readonly isShouted: boolean;
  readonly isMuttered: boolean;
}

/** A name in a headline: its words [from, to). */
interface Found {
  readonly from: number;
  readonly to: number;
  readonly meaning: Meaning;
  /** Where the table's names go on with the next word. */
  readonly beyond?: NameNode | undefined;
}

type Verdict =
  | { readonly kind: 'linked'; readonly tradingsymbol: string; readonly mention: Mention }
  /** Linked where another stock is. */
  | { readonly kind: 'perhaps'; readonly tradingsymbol: string; readonly mention: Mention }
  | { readonly kind: 'left-out'; readonly name: string; readonly reason: string };

/** All stocks a headline names, each once, in the order of the text. */
export function linkHeadline(text: string, table: NameTable = ownTable()): HeadlineLinks {
  const words = wordsOf(text);
  const headline = {
    text,
    words,
    isShouted: isShouted(text, words),
    isMuttered: text === text.toLowerCase(),
  };
  const verdicts = namesIn(headline, table).map((found) => verdictOn(headline, found));
  const hasStock = verdicts.some(({ kind }) => kind === 'linked');
  const links = new Map<string, StockLink>();
  const leftOut = new Map<string, string>();
  for (const verdict of verdicts) {
    if (verdict.kind === 'left-out') leftOut.set(verdict.name, verdict.reason);
    else if (verdict.kind === 'perhaps' && !hasStock)
      leftOut.set(
        text.slice(verdict.mention.start, verdict.mention.end),
        unsaid(verdict.tradingsymbol),
      );
    else if (!links.has(verdict.tradingsymbol)) {
      const { tradingsymbol, mention } = verdict;
      links.set(tradingsymbol, { tradingsymbol, mention });
    }
  }
  return {
    links: [...links.values()],
    leftOut: [...leftOut].map(([name, reason]) => ({ name, reason })),
  };
}

const unsaid = (tradingsymbol: string): string =>
  `nothing beside it says that ${tradingsymbol} is meant`;

/** All in capitals, and not of tickers alone, which always are. */
const isShouted = (text: string, words: readonly Word[]): boolean =>
  text === text.toUpperCase() && words.filter((word) => /^\p{L}{4,}$/u.test(word.text)).length > 1;

/** The names of a headline from the left, each the longest that begins where it does. */
function namesIn(headline: Headline, { root }: NameTable): Found[] {
  const found: Found[] = [];
  for (let from = 0; from < headline.words.length;) {
    const longest = longestName(headline, from, root);
    if (longest !== null) found.push(longest);
    from = longest?.to ?? from + 1;
  }
  return found;
}

function longestName(headline: Headline, from: number, root: NameNode): Found | null {
  const { words } = headline;
  let longest: Found | undefined;
  let node = root;
  for (let to = from; to < words.length; to += 1) {
    const next =
      to > from && !isJoined(headline, to) ? undefined : node.next.get(words[to]?.key ?? '');
    if (longest?.to === to) longest = { ...longest, beyond: next };
    if (next === undefined) break;
    node = next;
    const { meaning } = node;
    if (meaning !== undefined && isWritten(headline, { from, to: to + 1, meaning }))
      longest = { from, to: to + 1, meaning };
  }
  return longest ?? null;
}

/** Nothing but a space, a hyphen, a dot or an apostrophe stands before the word. */
function isJoined({ text, words }: Headline, at: number): boolean {
  const between = text.slice(words[at - 1]?.end ?? 0, words[at]?.start ?? 0);
  return /^[\s.\-‐‑'’()&]*s?[\s.\-‐‑'’()]*$/iu.test(between) && between.length <= 4;
}

/** Are these words written as the name would be? */
function isWritten(headline: Headline, { from, to, meaning }: Found): boolean {
  const words = headline.words.slice(from, to);
  const [first] = words;
  if (first === undefined) return false;
  if (headline.isMuttered) return words.length > 1 && meaning.kind !== 'left-out';
  if (meaning.kind === 'left-out') return isRaised(first);
  if (meaning.kind === 'stock' && meaning.isTicker) return words.every(isUpper);
  return isRaised(first) && words.every((word) => isRaised(word) || connecting.has(word.text));
}

function verdictOn(headline: Headline, found: Found): Verdict {
  const { text, words } = headline;
  const mention = { start: words[found.from]?.start ?? 0, end: words[found.to - 1]?.end ?? 0 };
  const name = text.slice(mention.start, mention.end);
  const { meaning } = found;
  if (meaning.kind === 'left-out') return { kind: 'left-out', name, reason: meaning.reason };
  if (meaning.kind === 'split') return splitVerdict(headline, meaning, { mention, name });
  const { tradingsymbol } = meaning;
  // Marked by the writer as a stock.
  if (/[$#]$/.test(text.slice(0, mention.start))) return { kind: 'linked', tradingsymbol, mention };
  const reason = reasonAgainst(headline, found, meaning);
  if (reason !== null) return { kind: 'left-out', name, reason };
  if (meaning.guard === undefined) return { kind: 'linked', tradingsymbol, mention };
  const answer = guardAnswer(meaning.guard, words, { ...found, text: name });
  if (answer.kind === 'other')
    return { kind: 'left-out', name, reason: `means something else beside "${answer.word}"` };
  if (answer.kind === 'holds') return { kind: 'linked', tradingsymbol, mention };
  return answer.mayBe
    ? { kind: 'perhaps', tradingsymbol, mention }
    : { kind: 'left-out', name, reason: unsaid(tradingsymbol) };
}

function splitVerdict(
  { words }: Headline,
  { parts }: Extract<Meaning, { kind: 'split' }>,
  { mention, name }: { readonly mention: Mention; readonly name: string },
): Verdict {
  const meant = parts.filter(([, means]) => words.some(({ plain }) => means.has(plain)));
  const [only] = meant;
  if (meant.length === 1 && only !== undefined)
    return { kind: 'linked', tradingsymbol: only[0], mention };
  const reason = `could be ${parts.map(([symbol]) => symbol).join(' or ')}`;
  return { kind: 'left-out', name, reason };
}

/** Why the name does not mean the stock here, whatever else the headline says; null where nothing is against it. */
function reasonAgainst(headline: Headline, found: Found, meaning: StockMeaning): string | null {
  const { words, isShouted } = headline;
  if (meaning.isTicker && isShouted)
    return 'may be a ticker, but the whole headline is in capitals';
  const next = words[found.to];
  if (isFund(headline, found)) return 'names a fund here';
  if (next !== undefined && goesOn(headline, found, meaning)) {
    const whole = headline.text.slice(words[found.from]?.start, next.end);
    return `"${whole}" may be another company`;
  }
  const isAdvice = advisers.has(meaning.tradingsymbol) && givesAdvice(headline, found);
  return isAdvice ? 'gives advice here' : null;
}

/** Does the next word make it a longer name? A name of several words is whole as it stands. */
function goesOn(headline: Headline, found: Found, meaning: StockMeaning): boolean {
  const next = nextOfName(headline, found);
  if (next === undefined) return false;
  if (next.plain === 'home' && /^loans?$/.test(headline.words[found.to + 1]?.plain ?? ''))
    return false;
  if (tails.has(next.plain)) return true;
  const isWord = isMarketWord(next) || isUpper(next);
  // The first words of another company's name, of which the rest is not written.
  const { beyond } = found;
  if (beyond !== undefined && !isMarketWord(next) && !leadsTo(beyond, meaning.tradingsymbol))
    return true;
  return (
    !isWord && !notNames.has(next.plain) && (meaning.isFirstWord || capitalsTell(headline, found))
  );
}

const fundNameMax = 5;
/** What is done with funds, which is no name. */
const withFunds = /^(?:rais|infus|manag|flow|hous)/;

/** "SBI Bluechip Fund": words with a capital up to that word, none of them of the market. */
function isFund({ text, words }: Headline, { to }: Found): boolean {
  const after = words.slice(to, to + fundNameMax);
  const end = after.findIndex((word) => funds.has(word.plain));
  if (end < 0 || withFunds.test(words[to + end + 1]?.plain ?? '')) return false;
  const between = after.slice(0, end);
  const written = text.slice(words[to - 1]?.end, after[end]?.end);
  return (
    between.every((word) => isRaised(word) && !isMarketWord(word)) &&
    /^[\s\p{L}\p{N}&-]*$/u.test(written)
  );
}

/** The word with a capital that stands right after a name of one word. */
function nextOfName({ text, words }: Headline, { from, to }: Found): Word | undefined {
  const next = words[to];
  if (next === undefined || to - from > 1 || !isRaised(next)) return undefined;
  // A hyphen stands between two parties, as in "Reliance-Disney merger".
  return /^\s$/.test(text.slice(words[to - 1]?.end, next.start)) ? next : undefined;
}

/** Are capitals for names only here? Then few of the longer words beside the name have one. */
function capitalsTell({ words }: Headline, { from, to }: Found): boolean {
  const others = words.filter(
    ({ text }, index) => (index < from || index > to) && /^\p{L}{4,}$/u.test(text),
  );
  const raised = others.filter(isRaised).length;
  return others.length >= 2 && raised * 2 <= others.length;
}

/** Does a name that begins so stand for the stock? */
const leadsTo = ({ meaning, next }: NameNode, symbol: string): boolean =>
  (meaning?.kind === 'stock' && meaning.tradingsymbol === symbol) ||
  [...next.values()].some((node) => leadsTo(node, symbol));

function givesAdvice({ text, words }: Headline, { from, to }: Found): boolean {
  const next = words[to]?.plain ?? '';
  const before = text.slice(0, words[from]?.start ?? 0);
  const isLast = to === words.length && /(?:[:|–—-]|\b(?:says|by|from|at)\b)\s*$/i.test(before);
  const others = words.filter((_, index) => index < from || index >= to);
  return advice.has(next) || isLast || others.some(({ plain }) => adviceWith.has(plain));
}
