// yfinance writes three lines above its rows: the prices' names, the ticker, and the name of the time.
import { refuseFile, type CsvRow, type CsvTable } from '../candleFile';

/** The table as one header line would have it, with its rows from the first on. */
export interface OpenedTable {
  readonly table: CsvTable;
  readonly first: CsvRow;
  /** The ticker that stands above the rows; null where none does. */
  readonly ticker: string | null;
}

/** @throws Refused CANDLE_FILE where there is no row, or where several tickers stand beside each other. */
export function openedTable(table: CsvTable): OpenedTable {
  const rows = table.rows[Symbol.iterator]();
  const next = (): CsvRow => {
    const found: IteratorResult<CsvRow, unknown> = rows.next();
    if (found.done !== true) return found.value;
    return refuseFile(
      `"${table.file}" has no row below its header in line ${table.headerLine}; there must be one`,
    );
  };
  const first = next();
  const [, [label = '', ticker = '', ...others]] = first;
  if (table.header[0]?.trim() !== 'Price' || label.trim() !== 'Ticker')
    return { table: { ...table, rows: chained(first, rows) }, first, ticker: null };
  if (others.some((other) => other.trim() !== ticker.trim()))
    refuseFile(`"${table.file}" must hold one ticker, and holds several beside each other`);
  const [headerLine, [time = '']] = next();
  const begin = next();
  const header = [time, ...table.header.slice(1)];
  return {
    table: { ...table, headerLine, header, rows: chained(begin, rows) },
    first: begin,
    ticker: ticker.trim(),
  };
}

function* chained(first: CsvRow, rest: Iterator<CsvRow>): Generator<CsvRow, undefined> {
  yield first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}
