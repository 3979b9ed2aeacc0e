// Turns labelled headlines into the ids the models see in production, one JSON line each, for
// sentiment.py. The split is by headline text, so that no headline is in both parts under two companies.
// Usage: node exportHeadlines.js IN.csv OUT.jsonl
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { findMention, headlineTokens } from '../domain/sentiment/headlineTokens';
import { parseCsv } from './csv';

/** What a headline is for. Nothing is ever moved into `final`, and it is measured on once. */
type Part = 'heldOut' | 'final' | 'validation' | 'train';

/** Which part a headline belongs to, by a hash of its words. See docs/models.md for what each was used for. */
export function partOf(text: string): Part {
  const normal = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
  const digest = createHash('sha256').update(`ratchet:${normal}`).digest();
  const share = digest.readUInt32BE(0) % 100;
  if (share < 20) return 'heldOut';
  if (share < 32) return 'final';
  return share < 42 ? 'validation' : 'train';
}

function exportHeadlines(source: string, target: string): void {
  const lines = parseCsv(readFileSync(source, 'utf8')).map((row) => {
    const text = row.get('text') ?? '';
    const entity = row.get('entity') ?? row.get('target') ?? '';
    return JSON.stringify({
      part: partOf(text),
      label: row.get('label') ?? null,
      score: row.has('score') ? Number(row.get('score')) : null,
      text,
      entity,
      tokens: headlineTokens(text, findMention(text, entity)),
    });
  });
  writeFileSync(target, `${lines.join('\n')}\n`);
}

const [source, target] = process.argv.slice(2);
if (source === undefined || target === undefined) {
  throw new Error('usage: node exportHeadlines.js IN.csv OUT.jsonl');
}
exportHeadlines(source, target);
