// Goal: no shipped headline model gets worse at what it was made for. Method: every case of the behavioural test
// set is asked, and the pass rate of each ability is held against the rate measured when the model was shipped.
// Also: the set is large and varied enough, and no training text was written from its closed half.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chanceFor } from '../../exchange/market/chance';
import { behaviourCases, inputsOf, passRates } from '../../training/behaviour';
import { parseCsv } from '../../training/csv';
import { Statements, type Phrase } from '../../training/statements';
import { shippedAnswers } from '../support/shippedAnswers';

const training = join(__dirname, '../../training');
const file = readFileSync(join(training, 'behaviour.csv'), 'utf8');
const cases = behaviourCases(file);

/** Cases that must pass, by half and ability: version 1, version 3. */
const floors: Readonly<Record<string, readonly [number, number]>> = {
  'open negation': [26, 31],
  'open comparison': [15, 27],
  'open contrast': [21, 31],
  'open numbers': [19, 28],
  'open sarcasm': [14, 36],
  'open two companies': [16, 32],
  'open order exchanged': [16, 30],
  'closed negation': [20, 23],
  'closed comparison': [18, 23],
  'closed contrast': [9, 27],
  'closed numbers': [16, 18],
  'closed sarcasm': [13, 27],
  'closed two companies': [13, 19],
  'closed order exchanged': [6, 20],
};
/** Two answers that are close to undecided may round differently on another processor. */
const rounding = 1;

describe('the behavioural test set', () => {
  test('has at least 400 cases, of every ability in both halves, and every company is found in its texts', () => {
    const rates = passRates(cases, []);
    expect(cases.length).toBeGreaterThanOrEqual(400);
    expect(rates.map(({ half, ability }) => `${half} ${ability}`)).toEqual(Object.keys(floors));
    for (const rate of rates) expect(rate.cases).toBeGreaterThanOrEqual(28);
    for (const asked of cases) {
      expect(asked.allowed).not.toHaveLength(0);
      for (const row of inputsOf(asked)) expect(row).toContain(1);
    }
  });
  test('shares no four words in a row between its closed half and the statements trained on', () => {
    const known = new Set(statementsTrainedOn().flatMap(runsOfFour));
    const closed = parseCsv(file).filter((row) => row.get('half') === 'closed');
    const texts = closed.flatMap((row) => [row.get('text') ?? '', row.get('exchanged') ?? '']);
    expect(texts.flatMap(runsOfFour).filter((run) => known.has(run))).toEqual([]);
  });
});

/** Many draws, so that every phrase and join has been seen. */
function statementsTrainedOn(): string[] {
  const rows = parseCsv(readFileSync(join(training, 'statements.csv'), 'utf8'));
  const statements = new Statements(
    rows.map((row) => Object.fromEntries(row) as unknown as Phrase),
  );
  const chance = chanceFor(3, 'statements');
  return Array.from({ length: 20_000 }, () => statements.next(chance)[0]?.text ?? '');
}

/** Four words not broken by a name or a number. */
function runsOfFour(text: string): string[] {
  const words = text
    .toLowerCase()
    .replaceAll(/\{\w\}|[\d.,]*\d/g, ' # ')
    .split(/[^a-z#']+/)
    .filter((word) => word !== '');
  const runs = words.slice(3).map((_, index) => words.slice(index, index + 4).join(' '));
  return runs.filter((run) => !run.includes('#'));
}

test.each([
  ['1', 0],
  ['3', 1],
] as const)(
  'version %s passes as many cases of each ability as when it was shipped',
  (version, column) => {
    const answers = shippedAnswers('sentiment', version, cases.map(inputsOf)).map((flat) =>
      Array.from({ length: flat.length / 3 }, (_, row) => flat.slice(3 * row, 3 * row + 3)),
    );
    for (const { half, ability, passed } of passRates(cases, answers)) {
      const floor = (floors[`${half} ${ability}`]?.[column] ?? Infinity) - rounding;
      expect({ half, ability, passed: Math.min(passed, floor) }).toEqual({
        half,
        ability,
        passed: floor,
      });
    }
  },
);
