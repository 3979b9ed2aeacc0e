// Goal: whatever way a feed writes its titles, dates and bytes, a headline is read as people read it, and what cannot
// be read is a failure of its source. Method: tables of inputs are served over HTTP and read by
// `ratchet news check --json`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newsCommand } from '../../cli/commands/news';
import { inProcess } from '../support/inProcess';
import { inputFile, inputRows } from '../support/inputTables';
import { newHome, sourceRatchet } from '../support/ratchet';
import { ServedDocuments } from '../support/servedDocuments';

interface Checked {
  readonly source: string;
  readonly kind: string;
  readonly items: readonly {
    readonly at: string | null;
    readonly title: string;
    readonly stocks: readonly { readonly symbol: string; readonly words: string }[];
    readonly notLinked: readonly { readonly words: string; readonly reason: string }[];
    readonly leftOut?: string;
  }[];
  readonly itemsBeyond: number;
  readonly failures: readonly { readonly source: string; readonly why: string }[];
}

const check = async (...args: string[]): Promise<Checked & { readonly code: number }> => {
  const { stdout, code } = await inProcess(newsCommand, ['check', ...args, '--json']);
  return { ...(JSON.parse(stdout) as Checked), code };
};

const rss = (items: string): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${items}</channel></rss>`;
const item = (title: string, date: string): string =>
  `<item><title>${title}</title><pubDate>${date}</pubDate></item>`;
const date = 'Thu, 05 Nov 2026 10:15:00 +0530';

describe('ratchet news check', () => {
  const documents = new ServedDocuments();
  beforeAll(() => documents.listen());
  afterAll(() => documents.close());

  test('titles', async () => {
    const rows = inputRows('titles.csv');
    const body = rss(rows.map(({ input }) => item(input, date)).join(''));
    const { items } = await check(documents.add({ bytes: Buffer.from(body) }));
    const read = items.map(({ title }, index) => [rows[index]?.input, title]);
    expect(read).toEqual(rows.map(({ input, expected }) => [input, expected]));
  });

  test('dates', async () => {
    const rows = inputRows('dates.csv');
    const body = rss(rows.map(({ input }, index) => item(`n${index}`, input)).join(''));
    const { items, failures, code } = await check(documents.add({ bytes: Buffer.from(body) }));
    const read = items.map(({ at }, index) => [rows[index]?.input, at ?? '']);
    expect(read).toEqual(rows.map(({ input, expected }) => [input, expected]));
    const undated = rows.filter(({ expected }) => expected === '').length;
    expect(failures[0]?.why).toContain(
      `${undated} of ${rows.length} items could not be read whole`,
    );
    expect(code).toBe(1);
  });

  interface DocumentCase {
    readonly name: string;
    readonly input: {
      readonly kind?: string;
      readonly body?: string;
      readonly hex?: string;
      readonly bytes?: 'latin1' | 'utf8' | 'utf16le' | 'utf16be';
      readonly contentType?: string;
    };
    readonly expected: {
      readonly titles: readonly string[];
      readonly times: readonly string[];
      readonly leftOut: readonly (readonly [title: string, why: string])[];
      /** Words of each failure. */
      readonly failures: readonly string[];
    };
  }
  const cases = JSON.parse(readFileSync(inputFile('feeds.json'), 'utf8')) as DocumentCase[];

  const bytesOf = ({ body = '', hex, bytes = 'utf8' }: DocumentCase['input']): Buffer => {
    if (hex !== undefined) return Buffer.from(hex, 'hex');
    return bytes === 'utf16be' ? Buffer.from(body, 'utf16le').swap16() : Buffer.from(body, bytes);
  };

  describe('documents', () => {
    const token = process.env['RATCHET_X_BEARER_TOKEN'];
    beforeAll(() => (process.env['RATCHET_X_BEARER_TOKEN'] = 'a-token-of-a-test'));
    afterAll(() => {
      if (token === undefined) delete process.env['RATCHET_X_BEARER_TOKEN'];
      else process.env['RATCHET_X_BEARER_TOKEN'] = token;
    });

    test.each(cases.map((one) => [one.name, one] as const))(
      '%s',
      async (_, { input, expected }) => {
        const url = documents.add({ bytes: bytesOf(input), contentType: input.contentType });
        const { items, failures, code } = await check(url, '--kind', input.kind ?? 'feed');
        const read = items.filter(({ leftOut }) => leftOut === undefined);
        expect({
          titles: read.map(({ title }) => title),
          times: read.map(({ at }) => at),
          leftOut: items.flatMap(({ title, leftOut }) =>
            leftOut === undefined ? [] : [[title, leftOut]],
          ),
        }).toEqual({ titles: expected.titles, times: expected.times, leftOut: expected.leftOut });
        expect(failures).toHaveLength(expected.failures.length);
        failures.forEach(({ source, why }, index) => {
          expect(source).toBe(url);
          expect(why).toContain(expected.failures[index]);
        });
        expect(code).toBe(failures.length === 0 ? 0 : 1);
      },
    );
  });

  test('a flood is read from its top, and the rest is counted', async () => {
    const items = Array.from({ length: 620 }, (_, index) => item(`SBI sinks ${index}`, date));
    const checked = await check(documents.add({ bytes: Buffer.from(rss(items.join(''))) }));
    expect(checked.items).toHaveLength(500);
    expect(checked).toMatchObject({ itemsBeyond: 120, failures: [], code: 0 });
  });

  test('a source that does not answer as it should has failed by name', async () => {
    const url = documents.add({ bytes: Buffer.alloc(0) }).replace(/\d+$/, '9999');
    expect(await check(url)).toMatchObject({
      items: [],
      failures: [{ source: url, why: 'answered 404' }],
      code: 1,
    });
  });

  test('a file of each kind; the list of stocks decides what is linked', async () => {
    const folder = newHome();
    const file = join(folder, 'announcements.json');
    const row = { symbol: 'TATAMOTORS', desc: 'Outcome', an_dt: '05-Nov-2026 10:15:00' };
    writeFileSync(file, JSON.stringify([row]));
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'tradingsymbol,name\nTATAMOTORS,TATA MOTORS\n');
    const own = await check(file, '--kind', 'announcements');
    expect(own.items).toMatchObject([
      {
        stocks: [],
        notLinked: [{ words: 'TATAMOTORS', reason: 'TATAMOTORS is no longer traded' }],
      },
    ]);
    const then = await check(file, '--kind', 'announcements', '--instruments', list);
    expect(then).toMatchObject({
      kind: 'announcements',
      items: [{ stocks: [{ symbol: 'TATAMOTORS', words: 'TATAMOTORS' }], notLinked: [] }],
    });
  });

  test('what cannot be asked so is one sentence', async () => {
    const run = (...args: string[]): Promise<unknown> => inProcess(newsCommand, ['check', ...args]);
    const list = join(newHome(), 'list.csv');
    writeFileSync(list, 'symbol\nTCS\n');
    const url = 'https://example.com/rss';
    await expect(run(url, '--kind', 'file')).rejects.toThrow('--kind file must go with a path');
    await expect(run(url, '--instruments', list)).rejects.toThrow('columns tradingsymbol and name');
    await expect(run(url, '--kind', 'posts')).rejects.toThrow('RATCHET_X_BEARER_TOKEN');
  });

  test('the command prints for people, and ends with 1 where the source failed', async () => {
    const file = join(newHome(), 'feed.xml');
    writeFileSync(file, rss(item('Reliance gains as Adani slips', date) + item('Titan', 'soon')));
    const { code, stdout } = await sourceRatchet(['news', 'check', file], process.env);
    expect(code).toBe(1);
    for (const words of [
      '2026-11-05 10:15:00 · Reliance gains as Adani slips',
      'linked: RELIANCE ("Reliance")',
      'not linked: "Adani" names a group of companies',
      'left out: its date "soon" cannot be read with the day first',
      'failed: 1 of 2 items could not be read whole',
    ])
      expect(stdout).toContain(words);
  });
});
