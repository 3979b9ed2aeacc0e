// Goal: numbers at the edge of what indicators can be given. Method: the table candleNumbers.json, a close per bar that is
// its open, high and low, too; the last row that `ratchet indicators` writes, and the limits that hold in every row.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { indicatorColumns } from '../../domain/indicators';
import { istText } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { indicatorRows, newFolder } from '../support/candleDoors';

interface Case {
  readonly case: string;
  readonly source: string;
  readonly closes: readonly number[];
  /** Of the last row; null: no value yet. */
  readonly expected: Readonly<Record<string, number | null>>;
}

const { cases } = JSON.parse(readFileSync(join(__dirname, 'candleNumbers.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};
const folder = newFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const start = Date.parse('2026-11-20T09:15:00+05:30');

test.each(cases.map((one) => [one.case, one.source, one] as const))(
  '%s (%s)',
  async (_name, _source, { closes, expected }) => {
    const file = join(folder, 'A.csv');
    const lines = closes.map((close, minute) => {
      const ts = istText(epochMs(start + minute * 60_000));
      return [ts, close, close, close, close, 10].join(',');
    });
    writeFileSync(file, `ts,open,high,low,close,volume\n${lines.join('\n')}\n`);
    const { rows } = await indicatorRows(file);
    const column = (row: readonly string[], name: string): number | null => {
      const text = row[6 + indicatorColumns.findIndex((one) => one === name)] ?? '';
      return text === '' ? null : Number(text);
    };
    for (const row of rows) {
      expect(row.slice(6).every((cell) => cell === '' || Number.isFinite(Number(cell)))).toBe(true);
      for (const name of ['rsi14', 'rsi21']) {
        const value = column(row, name) ?? 50;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(100);
      }
    }
    const last = rows.at(-1) ?? [];
    const found = Object.keys(expected).map((name) => [name, column(last, name)]);
    expect(Object.fromEntries(found)).toEqual(expected);
  },
);
