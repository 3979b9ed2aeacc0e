// Times that are not written the year first. Which form a file has is said by whoever knows it: 03-04-2021 is two dates.
import { epochMs, type EpochMs } from '../units';

const dayFirstForm = /^(\d{1,2})[-/.](\d{1,2}|[A-Za-z]{3})[-/.](\d{4})(.*)$/;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The text with its year first: `20-Nov-2026 09:15` is `2026-11-20 09:15`; null where its day is not first. */
export function dayFirst(text: string): string | null {
  const found = dayFirstForm.exec(text);
  if (found === null) return null;
  const [, day = '', month = '', year = '', rest = ''] = found;
  const named = months.indexOf(month.toLowerCase()) + 1;
  const number = /^\d/.test(month) ? month : String(named);
  return number === '0'
    ? null
    : `${year}-${number.padStart(2, '0')}-${day.padStart(2, '0')}${rest}`;
}

/** The text with dashes in its date: `20261120 09:15` is `2026-11-20 09:15`; null for another form. */
export function compact(text: string): string | null {
  const found = /^(\d{4})(\d\d)(\d\d)(?!\d)(.*)$/.exec(text);
  if (found === null) return null;
  const [, year = '', month = '', day = '', rest = ''] = found;
  return `${year}-${month}-${day}${rest}`;
}

/** Between 1973 and 2286 seconds have ten digits and milliseconds thirteen, so neither can be taken for the other. */
const digits = { 1_000: /^\d{9,10}(?:\.0+)?$/, 1: /^\d{12,13}(?:\.0+)?$/ } as const;

/** Reads whole units since 1970, each of so many milliseconds. */
export const epochReader =
  (unitMs: 1 | 1_000) =>
  (text: string): { readonly at: EpochMs; readonly hasOffset: null } | null =>
    digits[unitMs].test(text) ? { at: epochMs(Number(text) * unitMs), hasOffset: null } : null;
