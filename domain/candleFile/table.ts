// A file of rows and columns, its text already taken apart: which columns there are, and the cells of each row.
import { refuseCell, refuseFile } from './cell';

/** Its line, counted from 1, and its cells. Space around them says nothing. */
export type CsvRow = readonly [line: number, cells: readonly string[]];

export interface CsvTable {
  /** As the user named it. */
  readonly file: string;
  readonly headerLine: number;
  readonly header: readonly string[];
  /** What separates the cells. */
  readonly delimiter: string;
  /** Had the last line a line end? */
  readonly isEnded: boolean;
  /** The rows below the header, in the file's order. They can be taken once. */
  readonly rows: Iterable<CsvRow>;
}

/**
 * Where each wanted column stands in a row. Capitals and order do not matter; others may be there.
 * @throws Refused CANDLE_FILE on a column that is missing or there twice.
 */
export function columnPlaces(
  { file, header, headerLine: line }: CsvTable,
  wanted: readonly string[],
): readonly number[] {
  const names = header.map((name) => name.trim().toLowerCase());
  return wanted.map((column) => {
    const value = header.join(',');
    const place = names.indexOf(column);
    if (place < 0)
      refuseCell({ file, line, column, value }, `the header must have ${wanted.join(',')}`);
    if (names.lastIndexOf(column) !== place)
      refuseCell({ file, line, column, value }, 'the header must have it once');
    return place;
  });
}

/**
 * The cells of the wanted columns, row by row.
 * @throws Refused CANDLE_FILE on a row with more or fewer cells than the header, and where there is no row.
 */
export function eachRow(
  table: CsvTable,
  wanted: readonly string[],
  visit: (line: number, cells: readonly string[]) => void,
): void {
  const { file, header, headerLine } = table;
  const places = columnPlaces(table, wanted);
  let last = headerLine;
  for (const [line, cells] of table.rows) {
    last = line;
    if (cells.length !== header.length) {
      const column = header[Math.min(cells.length, header.length - 1)] ?? '';
      const must = `a row must have the header’s ${header.length} cells and has ${cells.length}`;
      refuseCell({ file, line, column, value: cells.join(table.delimiter) }, must);
    }
    visit(
      line,
      places.map((place) => cells[place]?.trim() ?? ''),
    );
  }
  if (last === headerLine)
    refuseFile(`"${file}" has no row below its header in line ${headerLine}; there must be one`);
}
