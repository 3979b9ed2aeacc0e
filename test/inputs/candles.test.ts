// Goal: whatever form people's candle files have, they are read the same or refused with file, line, column and value,
// by every reader alike. Method: the table candles.json, each case written as a file and given to `ratchet indicators`
// and to a replay of the paper exchange, whose history is asked for over HTTP.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  encoded,
  folderWith,
  indicatorRows,
  replayedHistory,
  type Encoding,
} from '../support/candleDoors';

interface Case {
  readonly case: string;
  /** Where such files come from, in one word. */
  readonly source: string;
  /** The whole text; else the base with these texts replaced wherever they stand. */
  readonly input?: string;
  readonly change?: readonly (readonly [string, string])[];
  readonly reverse?: boolean;
  readonly encoding?: Encoding;
  readonly packed?: boolean;
  readonly file?: string;
  readonly doors?: readonly Door[];
  /** The column whose value is meant to be another. */
  readonly differs?: string;
  readonly remark?: string;
  /** `same` as the base, or a part of the refusal. */
  readonly expected: string | Readonly<Record<Door, string>>;
}

type Door = 'indicators' | 'replay';

const table = JSON.parse(readFileSync(join(__dirname, 'candles.json'), 'utf8')) as {
  readonly base: readonly string[];
  readonly cases: readonly Case[];
};

function textOf({ input, change = [], reverse = false }: Case): string {
  const [header = '', ...rows] = table.base;
  const lines = [header, ...(reverse ? rows.toReversed() : rows)];
  const base = `${lines.join('\n')}\n`;
  return input ?? change.reduce((text, [from, to]) => text.replaceAll(from, to), base);
}

function folderOf(one: Case): { readonly folder: string; readonly file: string } {
  const { file = 'INFY.csv.gz', packed = file.endsWith('.gz'), encoding = 'utf-8' } = one;
  const folder = folderWith(file, encoded(textOf(one), encoding), packed);
  return { folder, file: join(folder, file) };
}

const base = folderOf({ case: '', source: '', expected: '' });
afterAll(() => rmSync(base.folder, { recursive: true }));

/** The answer with instants as numbers, however they are written. */
async function answerOf(door: Door, folder: string, file: string): Promise<readonly unknown[]> {
  if (door === 'replay') return replayedHistory(folder, '2021-04-16');
  const { rows } = await indicatorRows(file);
  return rows.map(([ts = '', ...cells]) => [
    Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(ts) ? ts : `${ts.replace(' ', 'T')}+05:30`),
    ...cells.map(Number),
  ]);
}

const wordOf = ({ expected }: Case, door: Door): string =>
  typeof expected === 'string' ? expected : expected[door];

const cases = table.cases.flatMap((one) =>
  (one.doors ?? (['indicators', 'replay'] as const)).map(
    (door) => [one.case, one.source, door, wordOf(one, door), one] as const,
  ),
);

test.each(cases)('%s (%s) through %s: %s', async (_name, _source, door, expected, one) => {
  const { folder, file } = folderOf(one);
  try {
    const answer = answerOf(door, folder, file);
    if (expected !== 'same') {
      await expect(answer).rejects.toMatchObject({ name: 'Refused' });
      await expect(answer).rejects.toThrow(expected);
      await expect(answer).rejects.toThrow(file);
      return;
    }
    const wanted = await answerOf(door, base.folder, base.file);
    expect(wanted).toHaveLength(door === 'replay' ? 3 : 4);
    if (one.differs === undefined) expect(await answer).toEqual(wanted);
    else expect(await answer).toHaveLength(wanted.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is put right is said', async () => {
  const remarked = table.cases.filter(({ remark }) => remark !== undefined);
  expect(remarked.length).toBeGreaterThan(0);
  for (const one of remarked) {
    const { folder, file } = folderOf(one);
    expect((await indicatorRows(file)).said).toContain(one.remark);
    rmSync(folder, { recursive: true });
  }
});

test('a folder, a missing file and a broken package are refused by name', async () => {
  const { folder } = folderOf({ case: '', source: '', expected: '' });
  await expect(indicatorRows(folder)).rejects.toThrow(`"${folder}" is a folder`);
  await expect(indicatorRows(join(folder, 'no'))).rejects.toThrow(`"${folder}/no" cannot be read`);
  const broken = folderWith('INFY.csv.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1]), false);
  await expect(replayedHistory(broken, '2021-04-16')).rejects.toThrow(
    'INFY.csv.gz" cannot be read',
  );
  [folder, broken].forEach((one) => rmSync(one, { recursive: true }));
});
