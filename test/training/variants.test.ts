// Goal: a variant of a headline has the same meaning for the company. In every one the company is still
// found, no word of opinion is lost, and the same seed gives the same text.
import { findMention } from '../../domain/sentiment';
import { chanceFor } from '../../exchange/market/chance';
import { exchanged, variantOf, type Labelled } from '../../training/variants';

const originals: readonly Labelled[] = [
  { text: 'Infosys profit jumps 12% to Rs 4,200 crore, beats estimates', entity: 'Infosys' },
  { text: 'Tata Steel slips as Infosys gains; Sensex flat', entity: 'Tata Steel' },
  { text: 'Indian Oil misses targets, may raise Rs 1 lakh crore', entity: 'Indian Oil' },
  { text: 'Gold shines on weak dollar', entity: 'a name that is not in it' },
];
const opinions = /jumps|beats|slips|gains|misses|raise|shines|weak/g;
const many = <T>(make: () => T): T[] => Array.from({ length: 300 }, make);

test.each(originals)('$text', (original) => {
  const chance = chanceFor(1, original.text);
  const made = many(() => variantOf(original, chance));
  for (const { text, entity } of made) {
    expect(text.match(opinions)).toEqual(original.text.match(opinions));
    expect(findMention(text, entity) === null).toBe(
      findMention(original.text, original.entity) === null,
    );
  }
  const again = chanceFor(1, original.text);
  expect(many(() => variantOf(original, again))).toEqual(made);
});

test('variants bring other names, cashtags, currencies and the noise of posts, and leave some as they are', () => {
  const [original] = originals;
  if (original === undefined) throw new Error('there is no original');
  const chance = chanceFor(2, 'kinds');
  const texts = many(() => variantOf(original, chance).text);
  for (const kind of [/^\$[A-Z]{2,4} profit/, /\$\d/, /£\d/, /million|mln|\dm/, /t\.co/, /^RT @/])
    expect(texts.some((text) => kind.test(text))).toBe(true);
  expect(texts).toContain(original.text);
});

describe('names exchanged', () => {
  test.each([
    ['Infosys gains as TCS slips', 'Infosys', 'TCS', 'TCS gains as Infosys slips'],
    ['Infosys gains as TCS slips', 'TCS', 'Infosys', 'TCS gains as Infosys slips'],
    ['Citi cuts Tata Steel to sell', 'Tata Steel', 'Citi', 'Tata Steel cuts Citi to sell'],
  ])('%s', (text, a, b, made) => expect(exchanged(text, a, b)).toBe(made));
  test.each([
    ['a name that is not there', 'Infosys gains', 'Infosys', 'TCS'],
    ['a name within the other', 'HDFC Bank gains', 'HDFC', 'HDFC Bank'],
    ['a name that would be found too early', 'Tata Sons sells Sons stake', 'Tata Sons', 'Sons'],
  ])('not with %s', (_what, text, a, b) => expect(exchanged(text, a, b)).toBeNull());
});
