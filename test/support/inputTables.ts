// The tables of test/inputs: what goes in, what must come out, and where the case comes from in one word.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

export const inputFile = (name: string): string => join(__dirname, '../inputs', name);

export interface InputRow {
  readonly input: string;
  readonly expected: string;
  readonly from: string;
}

/** The rows of a CSV table with the columns input, expected and from. */
export const inputRows = (name: string): InputRow[] =>
  parse(readFileSync(inputFile(name)), { columns: true });
