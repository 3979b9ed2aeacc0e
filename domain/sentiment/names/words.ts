// A text as the words that names are made of. The same words are made of a company's name and of a headline, so that
// "Divi's Labs", "DIVIS LABORATORIES" and "Divi’s Laboratories" are one.
import rules from './companyRules.json';

export interface Word {
  /** By which names are compared. */
  readonly key: string;
  /** In small letters without accents, by which a name's surroundings are judged. */
  readonly plain: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Letters and digits; `&` within short names, as in M&M, and dots within initials, as in M.R.F. */
const wordPattern =
  /(?:\p{L}\.)+\p{L}(?![\p{L}\p{N}])|\p{L}{1,2}&\p{L}{1,2}(?![\p{L}\p{N}])|[\p{L}\p{N}]+|&/gu;
const possessive = /['’]s(?![\p{L}\p{N}])/giu;
const accents = /\p{Mn}/gu;

const same: Readonly<Record<string, string>> = rules.same;

const plainOf = (written: string): string =>
  written.toLowerCase().normalize('NFD').replace(accents, '').replaceAll('.', '');
const simple = /^[a-z0-9&]*$/;

/** The words of a text in their order. */
export function wordsOf(text: string): Word[] {
  // The sign of a possessive is no word. It keeps its place, so that the others keep theirs.
  const bare = text.replace(possessive, (sign) => ' '.repeat(sign.length));
  return [...bare.matchAll(wordPattern)].map((match) => {
    const [written] = match;
    const small = written.toLowerCase();
    const plain = simple.test(small) ? small : plainOf(written);
    const end = match.index + written.length;
    return { key: same[plain] ?? plain, plain, text: written, start: match.index, end };
  });
}

/** By name. Of a day's names most were the day's before. */
const known = new Map<string, readonly string[]>();
const knownMax = 20_000;

/** The words by which a name is compared. */
export function keysOf(name: string): readonly string[] {
  const found = known.get(name) ?? wordsOf(name).map(({ key }) => key);
  if (known.size < knownMax) known.set(name, found);
  return found;
}

/** Written with a capital, or a number. */
export const isRaised = ({ text }: Word): boolean =>
  text !== text.toLowerCase() || /^\d/.test(text);

/** Written in capitals only. */
export const isUpper = ({ text }: Word): boolean => text === text.toUpperCase();

export const listed = (words: string): string[] => words.split('|');
