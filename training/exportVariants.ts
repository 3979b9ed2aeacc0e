// Writes the training texts beside SEntFiN's own: variants of its training part (variants.ts), and the
// trader's phrases of posts.csv, written for this project, with many company names. Usage: node
// exportVariants.js HEADLINES.jsonl POSTS.csv COUNT OUT.jsonl
import { readFileSync, writeFileSync } from 'node:fs';
import { findMention, headlineTokens } from '../domain/sentiment/headlineTokens';
import { chanceFor } from '../exchange/market/chance';
import { parseCsv } from './csv';
import { otherName, variantOf, type Labelled } from './variants';

interface Row extends Labelled {
  readonly part: string;
  readonly label: string;
  /** The headline or phrase it was made from. A split must keep texts of one origin together. */
  readonly origin?: string;
}

const line = (row: Row & { readonly round: number }): string =>
  JSON.stringify({
    ...row,
    score: null,
    tokens: headlineTokens(row.text, findMention(row.text, row.entity)),
  });

function exportVariants(headlines: string, posts: string, count: number, target: string): void {
  const originals = readFileSync(headlines, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Row)
    .filter(({ part }) => part === 'train');
  const phrases = parseCsv(readFileSync(posts, 'utf8'));
  const chance = chanceFor(7, 'variants');
  const lines: string[] = [];
  for (let round = 0; round < count; round += 1) {
    for (const { text, entity, label } of originals) {
      lines.push(
        line({ ...variantOf({ text, entity }, chance), part: 'train', label, origin: text, round }),
      );
    }
    for (const phrase of phrases) {
      const name = otherName(chance);
      const origin = phrase.get('text') ?? '';
      const made = variantOf({ text: origin.replace('X', () => name), entity: name }, chance);
      lines.push(line({ ...made, part: 'train', label: phrase.get('label') ?? '', origin, round }));
    }
  }
  writeFileSync(target, `${lines.join('\n')}\n`);
}

const [headlines, posts, count, target] = process.argv.slice(2);
if (headlines === undefined || posts === undefined || target === undefined) {
  throw new Error('usage: node exportVariants.js HEADLINES.jsonl POSTS.csv COUNT OUT.jsonl');
}
exportVariants(headlines, posts, Number(count), target);
