// One cell of a file that people bring: where it stands, and the numbers in it. Number() would read 0x64 as 100 and
// 1e3 as 1000; here a number is what people write by hand, or it is refused.
import { Refused } from '../errors';
import type { RefusalCode } from '../refusals';

/** Where a value stands, and the value as it is written. */
export interface CellPlace {
  readonly file: string;
  /** Counted from 1, as an editor does. */
  readonly line: number;
  readonly column: string;
  readonly value: string;
}

/** Longer values are cut in sentences: a broken quote makes one cell of half a file. */
const shownMax = 60;

/** @throws Refused naming file, line, column, value and what is allowed. */
export function refuseCell(
  { file, line, column, value }: CellPlace,
  must: string,
  code: RefusalCode = 'CANDLE_FILE',
): never {
  const shown = value.length > shownMax ? `${value.slice(0, shownMax)}…` : value;
  return refuseFile(`"${file}" line ${line}, column ${column}: ${must}, was "${shown}"`, code);
}

/** @throws Refused with the sentence. */
export function refuseFile(message: string, code: RefusalCode = 'CANDLE_FILE'): never {
  throw new Refused({ code, message });
}

const plain = /^\d{1,15}(?:\.\d{1,20})?$/;
const thousands = /^\d{1,3}(?:,\d{3})+(?:\.\d{1,20})?$/;
const lakhs = /^\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d{1,20})?$/;
/** In a file without commas between its cells this may be a decimal comma. */
const perhapsDecimal = /^\d+,\d+$/;

/**
 * The number without its grouping, as text; null where the text is no plain number, or may be two.
 * `1,000.5` and `1,00,000.5` are grouped well.
 * @param delimiter what separates the file's cells.
 */
export function plainDecimal(text: string, delimiter: string): string | null {
  if (plain.test(text)) return text;
  if (!text.includes(',')) return null;
  if (delimiter !== ',' && perhapsDecimal.test(text)) return null;
  const digits = text.replaceAll(',', '');
  return (thousands.test(text) || lakhs.test(text)) && plain.test(digits) ? digits : null;
}
