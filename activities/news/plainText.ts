// A title as people read it: one line of words. Feeds write titles as text, as HTML, and as HTML that was escaped
// once more on the way, whatever their form says. So tags are taken out and character references replaced until
// nothing changes.
import { decode as decodeReference } from 'he';
import { withoutControls1252 } from './charset';

/** More rounds than any honest writer escapes. */
const roundsMax = 4;
/** Characters of a title that are looked at; a hostile one may be the whole document. */
const lookedAtMax = 20_000;
export const titleMax = 500;

/**
 * References end in a semicolon, as XML asks. Without it only numbers and the commonest names are taken, since
 * `R&D` and `P&LT` are none.
 */
const reference =
  /&(?:#\d+;?|#x[\da-f]+;?|[a-z][a-z\d]{1,31};|(?:amp|nbsp|quot|apos|lt|gt|rsquo|lsquo|rdquo|ldquo|ndash|mdash)(?![a-z\d]))/gi;
/** India's feeds write these, though HTML has no such names. */
const indian: Readonly<Record<string, string>> = { '&rupee;': '₹', '&inr;': '₹' };
/** A character beyond the first plane, written as its two halves. */
const halves = /&#(x[\da-f]+|\d+);&#(x[\da-f]+|\d+);/gi;

const codeOf = (digits: string): number =>
  /^x/i.test(digits) ? parseInt(digits.slice(1), 16) : parseInt(digits, 10);

function joined(written: string, high: string, low: string): string {
  const [first, second] = [codeOf(high), codeOf(low)];
  const isPair = first >= 0xd800 && first < 0xdc00 && second >= 0xdc00 && second < 0xe000;
  return isPair ? String.fromCharCode(first, second) : written;
}

/** HTML also reads the beginning of a name, `&not` in `&notice;`. That is a guess. */
function characterOf(found: string): string {
  const character = decodeReference(found);
  return found[1] !== '#' && character.endsWith(';') ? found : character;
}

/** The text with its character references replaced, once. */
export const withoutReferences = (text: string): string =>
  text
    .replace(halves, joined)
    .replace(reference, (found) => indian[found.toLowerCase()] ?? characterOf(found));

const apart = new Set(
  'address article blockquote br dd div dl dt figure h1 h2 h3 h4 h5 h6 hr li ol p section table td th tr ul'.split(
    ' ',
  ),
);
const within = new Set(
  'a abbr b big center cite code del em font i img ins mark s small span strike strong sub sup u wbr'.split(
    ' ',
  ),
);
const unseen = /<!--[\s\S]*?-->|<(script|style)\b[^<>]*>[\s\S]*?<\/\1\s*>/gi;
const tag = /<\/?([a-z][a-z\d]*)(?:\s[^<>]*)?\/?>/gi;

/** What stands for an HTML element between its words; undefined for what is no element of text. */
export function seamOf(element: string): ' ' | '' | undefined {
  const name = element.toLowerCase();
  if (apart.has(name)) return ' ';
  return within.has(name) ? '' : undefined;
}

const withoutTags = (text: string): string =>
  text.replace(unseen, ' ').replace(tag, (written, name: string) => seamOf(name) ?? written);

/** The text on one line, at most `titleMax` characters. What stands for nothing that can be read is U+FFFD. */
export function plainText(markup: string): string {
  let text = markup.slice(0, lookedAtMax);
  for (let round = 0; round < roundsMax; round += 1) {
    const next = withoutReferences(withoutTags(text));
    if (next === text) break;
    text = next;
  }
  const shown = withoutControls1252(text)
    .replace(/\p{Cs}/gu, '\uFFFD')
    // Soft hyphens, joiners and direction marks stand within words; line ends, controls and empty spaces between them.
    .replace(/(?!\u200b)\p{Cf}/gu, '')
    .replace(/[\s\u200b\p{Cc}]+/gu, ' ')
    .trim();
  return Array.from(shown).slice(0, titleMax).join('').trim();
}

/** What of a title could not be decoded, in a few words; undefined when all of it could. */
export function undecoded(title: string): string | undefined {
  if (title.includes('\uFFFD')) return 'its title has a character that cannot be decoded';
  const [unknown] = /&[a-z][a-z\d]+;/.exec(title) ?? [];
  return unknown === undefined ? undefined : `its title has ${unknown}, which stands for nothing`;
}
