// Texts with the same meaning for the company, made from SEntFiN's headlines, so that the models see more
// than Indian headlines: other names, cashtags, currencies, markets and the noise of posts. Every draw comes
// from the chance given. Labels stay, so no word of opinion is changed.
import { findMention } from '../domain/sentiment/headlineTokens';
import type { Chance } from '../exchange/market/chance';

export interface Labelled {
  readonly text: string;
  readonly entity: string;
}

const letters = (count: number, from: readonly [string, ...string[]], chance: Chance): string =>
  Array.from({ length: count }, () => chance.pick(from)).join('');

const capitals = 'A B C D E F G H I J K L M N O P Q R S T U V W X Y Z'.split(' ') as [
  string,
  ...string[],
];
const cashtag = (chance: Chance): string => `$${letters(chance.whole(2, 4), capitals, chance)}`;

/** Large companies of other markets, and placeholders without any reputation. */
const foreignNames =
  'Acme|Apple|AstraZeneca|Aviva|BP|Barclays|Boeing|British Airways|Citigroup|Diageo|Facebook|Ford|Glencore|Google|HSBC|IBM|Intel|Lloyds|Microsoft|Netflix|Next|Nike|Northwind|Pfizer|Prudential|Rolls-Royce|Ryanair|Sainsbury|Shell|Starbucks|Tesco|Tesla|Twitter|Unilever|Vodafone|Walmart|the company'.split(
    '|',
  ) as [string, ...string[]];

export const otherName = (chance: Chance): string =>
  chance.unit() < 0.5 ? cashtag(chance) : chance.pick(foreignNames);

/** The company under another name, where it is named at all. */
function renamed({ text, entity }: Labelled, chance: Chance): Labelled {
  const mention = findMention(text, entity);
  if (mention === null) return { text, entity };
  const name = otherName(chance);
  const before = text.slice(0, mention.start);
  // Where the new name already stands earlier, the marker would go there, so such a text is left as it is.
  const changed = `${before}${name}${text.slice(mention.end)}`;
  return findMention(changed, name)?.start === mention.start
    ? { text: changed, entity: name }
    : { text, entity };
}

/** Rupees, crores and Indian indices as another market would write them. */
function abroad(text: string, chance: Chance): string {
  const currency = chance.pick(['$', '£', '€']);
  const million = chance.pick([' million', 'm', ' mln']);
  const billion = chance.pick([' billion', 'bn']);
  return text
    .replaceAll(/\bRs\.? ?(?=\d)/gi, currency)
    .replaceAll(/(?<=\d) ?-?lakh (crore|cr)\b/gi, billion)
    .replaceAll(/(?<=\d) ?-?(crores?|cr)\b/gi, million)
    .replaceAll(/\b(Sensex|Nifty)\b/g, () => chance.pick(['FTSE 100', 'S&P 500', 'Dow', 'Nasdaq']))
    .replaceAll(/\bIndian?\b/g, () => chance.pick(['UK', 'US', 'European']));
}

const otherDigits = (text: string, chance: Chance): string =>
  text.replaceAll(/\d/g, () => String(chance.whole(1, 9)));

function inPost(text: string, chance: Chance): string {
  const handle = letters(6, capitals, chance).toLowerCase();
  const link = `http://t.co/${letters(8, capitals, chance)}`;
  return chance.pick([
    `${text} ${link}`,
    `RT @${handle}: ${text}`,
    `@${handle} ${text}`,
    `${text} #stocks`,
    `${text} ${cashtag(chance)}`,
    `${text} - ${chance.pick(['Reuters', 'FT', 'Bloomberg', 'Guardian'])}`,
    `${text} ...`,
    `Update: ${text}`,
  ]);
}

export function variantOf(original: Labelled, chance: Chance): Labelled {
  const named = chance.unit() < 0.6 ? renamed(original, chance) : original;
  const digits = chance.unit() < 0.4 ? otherDigits(named.text, chance) : named.text;
  const placed = chance.unit() < 0.6 ? abroad(digits, chance) : digits;
  const text = chance.unit() < 0.35 ? inPost(placed, chance) : placed;
  return findMention(text, named.entity) === null && findMention(original.text, original.entity)
    ? original
    : { text, entity: named.entity };
}

/** The headline with two companies' names exchanged: what held for the one now holds for the other. Null where
 * a name is not found, or is part of the other. */
export function exchanged(text: string, a: string, b: string): string | null {
  const [first, second] = [findMention(text, a), findMention(text, b)].toSorted(
    (one, two) => (one?.start ?? -1) - (two?.start ?? -1),
  );
  if (!first || !second || first.end > second.start) return null;
  const [one, two] = [text.slice(first.start, first.end), text.slice(second.start, second.end)];
  const made = `${text.slice(0, first.start)}${two}${text.slice(first.end, second.start)}${one}${text.slice(second.end)}`;
  const inPlace = findMention(made, two)?.start === first.start;
  return inPlace && findMention(made, one)?.start === second.start + two.length - one.length
    ? made
    : null;
}
