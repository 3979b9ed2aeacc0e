// The real market data some tests check against; it is not in the repository and may be absent.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const sharedFolder =
  process.env['RATCHET_SHARED_DATA'] ?? join(__dirname, '../../../shared/data');

/** `test` where the shared data is, else a skipped test that says why. */
export const testOnSharedData: jest.It = existsSync(sharedFolder) ? test : test.skip;

if (!existsSync(sharedFolder))
  console.warn(`skipping tests on real market data: ${sharedFolder} is not there`);

/** Rows of a CSV (gzip by its name) as maps; no quoting in these files. */
export function sharedRows(path: string): Map<string, string>[] {
  const bytes = readFileSync(join(sharedFolder, path));
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return new Map(names.map((name, column) => [name, fields[column] ?? '']));
  });
}

/** A number cell; NaN where it is empty, so that a wrong comparison fails. */
export const numberIn = (row: Map<string, string> | undefined, column: string): number => {
  const text = row?.get(column) ?? '';
  return text === '' ? NaN : Number(text);
};
