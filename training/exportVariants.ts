// Writes the training texts beside SEntFiN's own: variants of its training part (variants.ts), and the
// trader's phrases of posts.csv and the statements of statements.csv, both written for this project. Usage: node
// exportVariants.js HEADLINES.jsonl TRAINING_DIR COUNT OUT.jsonl
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMention, headlineTokens } from '../domain/sentiment/headlineTokens';
import { chanceFor, type Chance } from '../exchange/market/chance';
import { parseCsv } from './csv';
import { Statements, type Phrase } from './statements';
import { exchanged, otherName, variantOf, type Labelled } from './variants';

interface Row extends Labelled {
  readonly part: string;
  readonly label: string;
  /** The headline or phrase it was made from. */
  readonly origin?: string;
}

const line = (row: Row & { readonly round: number }): string =>
  JSON.stringify({
    ...row,
    score: null,
    tokens: headlineTokens(row.text, findMention(row.text, row.entity)),
  });

/** How many composed statements a round brings. */
const statementsARound = 1_600;
const exchangeShare = 0.3;
const learnt: readonly string[] = ['train', 'heldOut'];

const readHeadlines = (path: string): Row[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Row)
    .filter(({ part }) => learnt.includes(part));

/** A headline as it is, or with this company and one of another label under each other's name. */
function perhapsExchanged(row: Row, others: readonly Row[], chance: Chance): Row {
  const other = others.find(({ label }) => label !== row.label);
  const text =
    other !== undefined && chance.unit() < exchangeShare
      ? exchanged(row.text, row.entity, other.entity)
      : null;
  return text === null || other === undefined ? row : { ...row, text, entity: other.entity };
}

function exportVariants(headlines: string, folder: string, count: number, target: string): void {
  const originals = readHeadlines(headlines);
  const ofText = new Map<string, Row[]>();
  for (const row of originals) ofText.set(row.text, [...(ofText.get(row.text) ?? []), row]);
  const table = (name: string): Map<string, string>[] =>
    parseCsv(readFileSync(join(folder, name), 'utf8'));
  const posts = table('posts.csv');
  const statements = new Statements(
    table('statements.csv').map((row) => Object.fromEntries(row) as unknown as Phrase),
  );
  const chance = chanceFor(7, 'variants');
  const lines: string[] = [];
  for (let round = 0; round < count; round += 1) {
    for (const row of originals) {
      const { text, entity } = perhapsExchanged(row, ofText.get(row.text) ?? [], chance);
      const { part, label } = row;
      lines.push(
        line({ ...variantOf({ text, entity }, chance), part, label, origin: row.text, round }),
      );
    }
    for (const post of posts) {
      const name = otherName(chance);
      const origin = post.get('text') ?? '';
      const made = variantOf({ text: origin.replace('X', () => name), entity: name }, chance);
      lines.push(line({ ...made, part: 'own', label: post.get('label') ?? '', origin, round }));
    }
    for (let made = 0; made < statementsARound; made += 1) {
      for (const statement of statements.next(chance)) {
        lines.push(line({ ...statement, part: 'own', round }));
      }
    }
  }
  writeFileSync(target, `${lines.join('\n')}\n`);
}

const [headlines, folder, count, target] = process.argv.slice(2);
if (headlines === undefined || folder === undefined || target === undefined) {
  throw new Error('usage: node exportVariants.js HEADLINES.jsonl TRAINING_DIR COUNT OUT.jsonl');
}
exportVariants(headlines, folder, Number(count), target);
