// Goal: what the composed statements teach is right. Method: every statement names the company it is asked about,
// leaves no mark of its phrase behind, orders its numbers as its label says, and the same seed gives the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMention } from '../../domain/sentiment';
import { chanceFor } from '../../exchange/market/chance';
import { parseCsv } from '../../training/csv';
import { Statements, type Phrase, type Statement } from '../../training/statements';

const file = readFileSync(join(__dirname, '../../training/statements.csv'), 'utf8');
const phrases = parseCsv(file).map((row) => Object.fromEntries(row) as unknown as Phrase);

function drawn(from: readonly Phrase[], count: number): Statement[] {
  const chance = chanceFor(5, 'statements');
  const statements = new Statements(from);
  return Array.from({ length: count }, () => statements.next(chance)).flat();
}

test('every statement names its company and is made whole', () => {
  const made = drawn(phrases, 5_000);
  expect(made.length).toBeGreaterThan(5_000);
  for (const { text, entity, label } of made) {
    expect(findMention(text, entity)).not.toBeNull();
    expect(text).not.toMatch(/[{}()|]/);
    expect(['negative', 'neutral', 'positive']).toContain(label);
  }
});

test('the same seed gives the same statements', () =>
  expect(drawn(phrases, 200)).toEqual(drawn(phrases, 200)));

test('a fall goes to the smaller number, a rise to the larger', () => {
  const pattern =
    /(down|falls|drops|slips|declines|up|rises|climbs|jumps|grows) to Rs ([\d,]+) crore from Rs ([\d,]+)/;
  const found = drawn(phrases, 40_000).flatMap(({ text, label }) => {
    const match = pattern.exec(text);
    const [to, from] = [match?.[2], match?.[3]].map((digits) =>
      Number(digits?.replaceAll(',', '')),
    );
    return to === undefined || from === undefined || match === null
      ? []
      : [{ label, rise: to > from }];
  });
  expect(found.length).toBeGreaterThan(50);
  for (const { label, rise } of found) expect(label).toBe(rise ? 'positive' : 'negative');
});

test('two companies are asked about with opposite labels in both orders', () => {
  const pairs = new Map<string, Statement[]>();
  for (const one of drawn(phrases, 3_000))
    pairs.set(one.text, [...(pairs.get(one.text) ?? []), one]);
  const opposite = [...pairs.values()].filter(
    ([a, b]) => a !== undefined && b !== undefined && a.label !== b.label && b.label !== 'neutral',
  );
  const first = opposite.map(([a, b]) => {
    const [one, two] = [a, b].map(
      (each) => findMention(each?.text ?? '', each?.entity ?? '')?.start ?? 0,
    );
    return (one ?? 0) < (two ?? 0);
  });
  expect(first).toContain(true);
  expect(first).toContain(false);
});
