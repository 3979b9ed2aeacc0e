// Goal: a candle file that was cut, shuffled, quoted, re-encoded, re-zoned or reversed gives the same numbers, or a
// refusal naming file and line; never another number. Method: a thousand random transformations of one day through
// `ratchet indicators`, whose every row must be the untouched day's; some of them through `ratchet backtest`, too. The
// day is a real one where the machine has it, else a generated one.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { backtestCommand } from '../../cli/commands/backtest';
import type { BacktestDocument } from '../../cli/text/backtestTable';
import { istText } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { date as generatedDate, writeSmallDay } from '../backtest/smallDay';
import { encoded, indicatorRows, printed, type Encoding } from '../support/candleDoors';
import { sharedNse } from '../support/ratchet';

const folder = mkdtempSync(join(tmpdir(), 'ratchet-transforms-'));
const stock = 'INFY';
const real = join(sharedNse, `minute/core/${stock}.csv.gz`);
const date = existsSync(real) ? '2021-04-15' : generatedDate;

/** The rows of the day with its two weeks before: ts, prices and volume. */
let rows: readonly (readonly string[])[] = [];

beforeAll(() => {
  if (!existsSync(real)) writeSmallDay(folder, 11);
  const source = existsSync(real) ? real : join(folder, `minute/core/${stock}.csv.gz`);
  const [, ...lines] = gunzipSync(readFileSync(source)).toString().trimEnd().split('\n');
  rows = lines
    .map((line) => line.split(',').slice(0, 6))
    .filter(([ts = '']) => ts.slice(0, 10) <= date && ts.slice(0, 7) >= date.slice(0, 7));
  rmSync(join(folder, 'minute'), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const columns = ['ts', 'open', 'high', 'low', 'close', 'volume'];

interface Transform {
  readonly order: 'kept' | 'reversed' | 'shuffled';
  readonly columnOrder: readonly number[];
  readonly capitals: boolean;
  readonly delimiter: ',' | ';' | '\t';
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly quoted: boolean;
  readonly grouping: 'none' | 'en-IN' | 'en-US';
  readonly zone: '+05:30' | 'Z' | '-05:00' | '+0900' | 'none' | 'shifted' | 'mixed';
  readonly encoding: Encoding;
  readonly packed: boolean;
  readonly wrong: 'none' | 'twice' | 'swapped' | 'zero' | 'negative' | 'half' | 'letters' | 'date';
  /** Where it is cut, as a share of the bytes; null where it is whole. */
  readonly cut: number | null;
  readonly seed: number;
}

const often = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(usual) }, fc.constantFrom(usual, ...others));

const transforms: fc.Arbitrary<Transform> = fc.record({
  order: often<Transform['order']>('kept', 'reversed', 'shuffled'),
  columnOrder: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
  capitals: fc.boolean(),
  delimiter: often<Transform['delimiter']>(',', ';', '\t'),
  lineEnd: often<Transform['lineEnd']>('\n', '\r\n', '\r'),
  quoted: fc.boolean(),
  grouping: often<Transform['grouping']>('none', 'en-IN', 'en-US'),
  zone: often<Transform['zone']>('+05:30', 'Z', '-05:00', '+0900', 'none', 'shifted', 'mixed'),
  encoding: often<Encoding>('utf-8', 'utf-8-mark', 'utf-16le', 'utf-16le-mark', 'utf-16be-mark'),
  packed: fc.boolean(),
  wrong: often<Transform['wrong']>(
    ...(['none', 'twice', 'swapped', 'zero', 'negative', 'half', 'letters', 'date'] as const),
  ),
  cut: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true })),
  seed: fc.nat(),
});

const impossibleDate = '2021-02-30';

/** The same instant in another zone; `shifted` is UTC without saying so, which is another instant. */
function rezoned(ts: string, zone: Transform['zone'], index: number): string {
  const at = Date.parse(ts);
  // JavaScript would make 2 March of 30 February.
  if (ts.startsWith(impossibleDate)) return ts;
  const written = (minutes: number): string =>
    istText(epochMs(at + (minutes - 330) * 60_000)).replace(' ', 'T');
  if (zone === 'Z') return `${written(0)}Z`;
  if (zone === '-05:00') return `${written(-300)}-05:00`;
  if (zone === '+0900') return `${written(540)}+0900`;
  if (zone === 'shifted') return written(0);
  if (zone === 'none' || (zone === 'mixed' && index % 2 === 1)) return written(330);
  return ts;
}

function grouped(text: string, locale: Transform['grouping']): string {
  if (locale === 'none') return text;
  const [whole = '', fraction] = text.split('.');
  const head = Number(whole).toLocaleString(locale);
  return fraction === undefined ? head : `${head}.${fraction}`;
}

function wronged(row: readonly string[], wrong: Transform['wrong']): readonly string[] {
  const [ts = '', open = '', high = '', low = '', close = '', volume = ''] = row;
  if (wrong === 'swapped') return [ts, open, low, String(Number(high) + 1), close, volume];
  if (wrong === 'zero') return [ts, open, high, '0', close, volume];
  if (wrong === 'negative') return [ts, open, high, low, close, '-1'];
  if (wrong === 'half') return [ts, open, high, low, close, `${volume}.5`];
  if (wrong === 'letters') return [ts, open, '0x64', low, close, volume];
  if (wrong === 'date') return [`${impossibleDate}${ts.slice(10)}`, open, high, low, close, volume];
  return row;
}

function ordered<T>(list: readonly T[], { order, seed }: Transform): readonly T[] {
  if (order === 'reversed') return list.toReversed();
  if (order === 'kept') return list;
  // A fixed walk of the seed: fast-check has to be able to repeat it.
  const keyed = list.map((one, index) => ({
    one,
    key: ((index + 1) * (seed | 1) * 2_654_435_761) % 1_000_003,
  }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one);
}

function bytesOf(given: readonly (readonly string[])[], by: Transform): Buffer {
  const at = by.seed % given.length;
  const spoilt = given.map((row, index) => (index === at ? wronged(row, by.wrong) : row));
  const repeated = by.wrong === 'twice' ? spoilt.toSpliced(at, 0, given[at] ?? []) : spoilt;
  const mustQuote = by.quoted || (by.grouping !== 'none' && by.delimiter === ',');
  const quote = (cell: string): string => (mustQuote ? `"${cell}"` : cell);
  const lines = ordered(repeated, by).map((row, index) => {
    const [ts = '', ...numbers] = row;
    const cells = [rezoned(ts, by.zone, index), ...numbers.map((one) => grouped(one, by.grouping))];
    return by.columnOrder.map((column) => quote(cells[column] ?? '')).join(by.delimiter);
  });
  const names = columns.map((name) => (by.capitals ? name.toUpperCase() : name));
  const header = by.columnOrder.map((column) => quote(names[column] ?? '')).join(by.delimiter);
  const bytes = encoded(`${[header, ...lines].join(by.lineEnd)}${by.lineEnd}`, by.encoding);
  // Rows that a cut of another order takes away are missing in between: that is another file.
  if (by.cut === null || by.order !== 'kept') return bytes;
  return bytes.subarray(0, Math.floor(by.cut * bytes.length));
}

const wrongIn = (by: Transform): boolean => by.wrong !== 'none';

async function refusalOf(answer: Promise<unknown>): Promise<string | null> {
  try {
    await answer;
    return null;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Refused') throw error;
    return error.message;
  }
}

/** Rows by their instant, with every number. */
const numbersOf = (given: readonly string[][], zone: Transform['zone']): Map<number, string> =>
  new Map(
    given.map(([ts = '', ...cells]) => {
      const written = zone === 'none' || zone === 'shifted' ? `${ts}+05:30` : ts;
      return [Date.parse(written), cells.map(Number).join(' ')];
    }),
  );

/** The last of a few rows, cut within its last number, cannot be told from a row that was written so. */
const isCutShort = (bytes: Buffer, at: number, found: ReadonlyMap<number, string>): boolean =>
  found.size <= 60 &&
  at === Math.max(...found.keys()) &&
  !/[\r\n]\0?$/.test(bytes.toString('latin1'));

test('a thousand transformations of a day: the same numbers, or a refusal with its line', async () => {
  const today = rows.filter(([ts = '']) => ts.startsWith(date));
  expect(today.length).toBeGreaterThan(300);
  const file = join(folder, `${stock}.csv`);
  writeFileSync(file, [columns, ...today].map((row) => `${row.join(',')}\n`).join(''));
  const usual = numbersOf((await indicatorRows(file)).rows, '+05:30');
  expect(usual.size).toBe(today.length);
  const seen = { same: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(transforms, async (by) => {
      const bytes = bytesOf(today, by);
      writeFileSync(file, by.packed ? gzipSync(bytes, { level: 1 }) : bytes);
      const answer = indicatorRows(file);
      const refusal = await refusalOf(answer);
      if (refusal !== null) {
        seen.refused += 1;
        expect(refusal).toMatch(/INFY\.csv" (line \d+|is empty|has no row below its header)/);
        return;
      }
      seen.same += 1;
      if (by.cut === null) expect(wrongIn(by)).toBe(false);
      const found = numbersOf((await answer).rows, by.zone);
      if (by.cut === null) expect(found.size).toBe(usual.size);
      // UTC that does not say so is India's to every reader; a replay refuses it, since the exchange is closed then.
      const ahead = by.zone === 'shifted' ? 330 * 60_000 : 0;
      for (const [at, numbers] of found)
        if (!isCutShort(bytes, at, found)) expect(numbers).toBe(usual.get(at + ahead));
    }),
    { numRuns: 1_000 },
  );
  expect(seen.same).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(100);
}, 600_000);

test('the same of a backtest: the same result, or a refusal', async () => {
  const base = ['--replay', folder, '--date', date, '--model', 'none', '--random', '0', '--json'];
  const backtested = async (): Promise<BacktestDocument> => {
    const { stdout } = await printed(backtestCommand, base);
    return { ...(JSON.parse(stdout) as BacktestDocument), filesRemarks: [] };
  };
  const file = join(folder, `${stock}.csv`);
  writeFileSync(file, [columns, ...rows].map((row) => `${row.join(',')}\n`).join(''));
  const usual = await backtested();
  expect(usual.total.decisions.SKIP).toBeGreaterThan(0);
  await fc.assert(
    fc.asyncProperty(transforms, async (by) => {
      // The last minutes may lack in a whole day, too, since nobody may trade then: a cut takes more of it.
      const cut = by.cut === null ? null : by.cut * 0.98;
      writeFileSync(file, bytesOf(rows, { ...by, cut }));
      const answer = backtested();
      const refusal = await refusalOf(answer);
      if (refusal === null) expect(await answer).toEqual(usual);
      else expect(refusal).toMatch(/INFY/);
    }),
    { numRuns: 25 },
  );
}, 600_000);
