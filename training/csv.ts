// Reads the quoted CSV form of the training sets. Strict: a row with a different number of fields than
// the header is an error with its line, because a shifted column would quietly train on nonsense.
import { Fatal } from '../domain/errors';

/** Rows as field lists; quotes may hold commas, newlines and doubled quotes. */
function fieldRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const symbol = text[at] ?? '';
    if (quoted) {
      if (symbol !== '"') field += symbol;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (symbol === '"') quoted = true;
    else if (symbol === ',' || symbol === '\n') {
      row.push(field);
      field = '';
      if (symbol === '\n') {
        rows.push(row);
        row = [];
      }
    } else if (symbol !== '\r') field += symbol;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  return rows;
}

/** @throws Fatal TRAINING_CSV naming the row. */
export function parseCsv(text: string): Map<string, string>[] {
  const [header, ...rows] = fieldRows(text);
  if (header === undefined) throw new Fatal({ code: 'TRAINING_CSV', message: 'the CSV is empty' });
  return rows.map((row, index) => {
    if (row.length !== header.length) {
      throw new Fatal({
        code: 'TRAINING_CSV',
        message: `CSV row ${index + 2} has ${row.length} fields, the header has ${header.length}`,
      });
    }
    return new Map(header.map((name, column) => [name, row[column] ?? '']));
  });
}
