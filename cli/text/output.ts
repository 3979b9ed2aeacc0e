// How commands print facts: a table for people, one JSON document for programs.
import { formatRupees, type Paise } from '../../domain/units';

/** Prints `facts` as JSON when asked, else the lines for people. */
export function print(json: boolean, facts: unknown, lines: () => readonly string[]): void {
  process.stdout.write(`${json ? JSON.stringify(facts) : lines().join('\n')}\n`);
}

/** Says how the work goes on; what it prints stays apart. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Columns padded to their widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export const rupees = (amount: Paise | null): string =>
  amount === null ? '–' : formatRupees(amount);
