// The file of headlines that people bring to be scored, and the file they get back: their columns as they were, ours
// after them.
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { Refused } from '../domain/errors';
import { findMention, headlineTokens } from '../domain/sentiment';
import { firstBadByte } from '../domain/encoding';

/** What a headline scored. The shares are of one. */
export type ScoreOf = readonly [negative: number, neutral: number, positive: number];

export interface HeadlineFile {
  /** The header as it is written. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the model reads of each row. */
  readonly tokens: readonly number[][];
}

const refuse = (message: string): never => {
  throw new Refused({ code: 'SENTIMENT_INPUT', message });
};

/** @param named the file, for messages. @throws Refused naming line and column. */
export function readHeadlines(named: string, bytes: Uint8Array): HeadlineFile {
  requireUtf8(named, bytes);
  const [header, ...rows] = recordsOf(named, bytes);
  const columns = header?.cells ?? [];
  const [text, entity] = columnsIn(named, columns);
  const tokens = rows.map(({ cells, line }) => {
    const words = cells[text]?.trim() ?? '';
    if (words === '') refuse(`${named}, line ${line}: the column ${columns[text]} is empty`);
    return tokensOf(words, entity === -1 ? '' : (cells[entity]?.trim() ?? ''));
  });
  if (rows.length === 0) refuse(`${named} has a header and no headline under it`);
  return { columns, rows: rows.map(({ cells }) => cells), tokens };
}

/**
 * One headline with the company it is scored for. Without a company, or where the headline does not name it,
 * the headline is scored as a whole.
 */
const tokensOf = (text: string, entity: string): number[] =>
  headlineTokens(text, entity === '' ? null : findMention(text, entity));

function requireUtf8(named: string, bytes: Uint8Array): void {
  const at = firstBadByte(bytes);
  if (at === undefined) return;
  const byte = (bytes[at] ?? 0).toString(16).padStart(2, '0');
  const line = bytes.subarray(0, at).filter((one) => one === 0x0a).length + 1;
  refuse(
    `${named} must be UTF-8; byte ${at} (line ${line}) is 0x${byte}, which cannot stand there. Save it as UTF-8`,
  );
}

interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

function recordsOf(named: string, bytes: Uint8Array): readonly CsvRecord[] {
  try {
    const options = { bom: true, info: true, trim: true, skip_empty_lines: true } as const;
    const records = parse(Buffer.from(bytes), options) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    return records.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return refuse(`${named} is not a CSV file with a column text: ${error.message}`);
  }
}

/** Where the columns text and entity stand; entity may be missing. */
function columnsIn(named: string, columns: readonly string[]): readonly [number, number] {
  const names = columns.map((name) => name.trim().toLowerCase());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`${named}, line 1: the column ${twice} stands there twice`);
  const text = names.indexOf('text');
  if (text === -1)
    refuse(
      `${named} must have a column text, and may have a column entity; its columns are ${columns.join(', ') || 'none'}`,
    );
  return [text, names.indexOf('entity')];
}

const labels = ['negative', 'neutral', 'positive'] as const;
const ours = ['label', 'score', ...labels, 'version'] as const;

/** The file with our columns added. A name that is taken already is theirs: ours is then ratchet_NAME. */
export function scoredFile(
  { columns, rows }: HeadlineFile,
  scores: readonly ScoreOf[],
  version: string,
): { readonly text: string; readonly added: readonly string[] } {
  const added = ours.map((name) => freeName(name, columns));
  const lines = rows.map((cells, index) => {
    const shares = scores[index] ?? [0, 1, 0];
    const [negative, , positive] = shares;
    const label = labels[shares.indexOf(Math.max(...shares))] ?? 'neutral';
    return [...cells, label, positive - negative, ...shares, version];
  });
  return { text: stringify([[...columns, ...added], ...lines]), added };
}

function freeName(name: string, columns: readonly string[]): string {
  const taken = columns.some((column) => column.trim().toLowerCase() === name);
  return taken ? freeName(`ratchet_${name}`, columns) : name;
}
