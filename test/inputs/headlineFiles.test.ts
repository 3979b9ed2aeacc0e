// Goal: a file of headlines comes back whole with our columns after it, or is refused with its place and nothing is
// written. Method: the command itself, on the table of headlineFiles.ts and the shipped model.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceRatchet } from '../support/ratchet';
import { headlineFiles } from './headlineFiles';

const folder = mkdtempSync(join(tmpdir(), 'ratchet-headlines-'));
const input = join(folder, 'in.csv');
const out = join(folder, 'out.csv');
beforeEach(() => rmSync(out, { force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scored = (to: string) =>
  sourceRatchet(['sentiment', '--score-file', input, '--out', to], process.env);

test.each(headlineFiles)('$name', async ({ bytes, refused, written = [] }) => {
  writeFileSync(input, bytes);
  const { code, stderr } = await scored(out);
  if (refused !== undefined) {
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(refused) as string });
    expect(existsSync(out)).toBe(false);
    return;
  }
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = readFileSync(out, 'utf8').split('\n');
  for (const [index, pattern] of written.entries()) expect(lines[index]).toMatch(pattern);
  expect(lines).toHaveLength(written.length + 1);
});

test('the file that is read is not written over', async () => {
  writeFileSync(input, 'text\nTCS gains\n');
  const { code, stderr } = await scored(join(folder, '.', 'in.csv'));
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/--out must be another file than --score-file/) as string,
  });
  expect(readFileSync(input, 'utf8')).toBe('text\nTCS gains\n');
});
