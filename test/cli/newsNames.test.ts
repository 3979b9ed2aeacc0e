// Goal: a headline is linked to the stocks it names and to no other, by the day's list of stocks. Method: labelled
// headlines are served as a feed and read by `ratchet news check --json`; precision and recall are counted, and
// must not fall below what was measured when the rules were written (docs/news.md).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newsCommand } from '../../cli/commands/news';
import { inProcess } from '../support/inProcess';
import { inputFile, inputRows } from '../support/inputTables';
import { newHome } from '../support/ratchet';

interface Checked {
  readonly items: readonly {
    readonly stocks: readonly { readonly symbol: string; readonly words: string }[];
    readonly notLinked: readonly { readonly words: string; readonly reason: string }[];
  }[];
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

async function linked(titles: readonly string[], list: string): Promise<Checked['items']> {
  const items = titles.map(
    (title) =>
      `<item><title>${escaped(title)}</title><pubDate>2026-11-05T10:15:00+05:30</pubDate></item>`,
  );
  const file = join(newHome(), 'feed.xml');
  writeFileSync(file, `<rss><channel>${items.join('')}</channel></rss>`);
  const args = ['check', file, '--json', '--instruments', list];
  const { stdout } = await inProcess(newsCommand, args);
  return (JSON.parse(stdout) as Checked).items;
}

const symbolsOf = (item: Checked['items'][number] | undefined): string[] =>
  (item?.stocks ?? []).map(({ symbol }) => symbol);

test.each([
  ['names-development.csv', 1, 1],
  ['names-blind.csv', 1, 0.99],
  ['names-mended.csv', 1, 1],
] as const)('the labelled headlines of %s', async (table, precisionMin, recallMin) => {
  const rows = inputRows(table);
  const items = await linked(
    rows.map(({ input }) => input),
    inputFile('instruments.csv'),
  );
  let [right, wrong, missed] = [0, 0, 0];
  rows.forEach(({ expected }, index) => {
    const [wanted, found] = [new Set(expected.split(' ').filter(Boolean)), symbolsOf(items[index])];
    const hits = found.filter((symbol) => wanted.has(symbol)).length;
    right += hits;
    wrong += found.length - hits;
    missed += wanted.size - hits;
  });
  expect(right).toBeGreaterThan(rows.length / 2);
  expect(right / (right + wrong)).toBeGreaterThanOrEqual(precisionMin);
  expect(right / (right + missed)).toBeGreaterThanOrEqual(recallMin);
});

test('together they are more than five hundred', () => {
  const texts = ['names-development.csv', 'names-blind.csv'].flatMap((table) => inputRows(table));
  expect(new Set(texts.map(({ input }) => input)).size).toBeGreaterThanOrEqual(500);
});

describe('the list of the day', () => {
  const listWith = (...rows: string[]): string => {
    const file = join(newHome(), 'list.csv');
    writeFileSync(file, ['tradingsymbol,name', ...rows, ''].join('\n'));
    return file;
  };
  const links = async (title: string, list: string): Promise<string[]> =>
    symbolsOf((await linked([title], list))[0]);
  const reasons = async (title: string, list: string): Promise<string[]> =>
    ((await linked([title], list))[0]?.notLinked ?? []).map(({ reason }) => reason);

  test('a new listing is linked by its name, without what says little of it', async () => {
    const list = listWith('QUARTZON,QUARTZONIX INDUSTRIES LIMITED', 'RELIANCE,RELIANCE INDUSTRIES');
    expect(await links('Quartzonix Industries wins order', list)).toEqual(['QUARTZON']);
    expect(await links('Quartzonix wins order', list)).toEqual(['QUARTZON']);
    expect(await links('QUARTZON up 5%', list)).toEqual(['QUARTZON']);
  });
  test('a longer name of the list is not the short one', async () => {
    const list = listWith('RELIANCE,RELIANCE INDUSTRIES', 'RELSAT,RELIANCE SATELLITE SERVICES');
    expect(await links('Reliance Satellite launches', list)).toEqual(['RELSAT']);
    expect(await links('Reliance launches satellite', list)).toEqual(['RELIANCE']);
  });
  test('a stock that is not listed is not linked, and the reason is told', async () => {
    const list = listWith('RELIANCE,RELIANCE INDUSTRIES');
    expect(await links('Reliance Infrastructure gains', list)).toEqual([]);
    expect(await reasons('Reliance Infrastructure gains', list)).toEqual([
      "RELINFRA is not in the day's list of stocks",
    ]);
  });
  test('a new symbol under a known name is the renamed stock, by every name it has', async () => {
    const list = listWith('RIL,RELIANCE INDUSTRIES LTD', 'ZOMATO,ZOMATO');
    expect(await links('Reliance Industries gains', list)).toEqual(['RIL']);
    expect(await links('Reliance gains', list)).toEqual(['RIL']);
    expect(await links('Zomato gains', list)).toEqual(['ZOMATO']);
  });
  test('Tata Motors is one stock before its split, and two after', async () => {
    const before = listWith('TATAMOTORS,TATA MOTORS');
    expect(await links('Tata Motors gains', before)).toEqual(['TATAMOTORS']);
    const after = listWith('TMPV,TATA MOTORS PASS VEH LTD', 'TMCV,TATA MOTORS');
    expect(await links('Tata Motors gains', after)).toEqual([]);
    expect(await reasons('Tata Motors gains', after)).toEqual(['could be TMPV or TMCV']);
    expect(await links('Tata Motors bags order for 500 buses', after)).toEqual(['TMCV']);
    expect(await links("Tata Motors' JLR halts production", after)).toEqual(['TMPV']);
  });
  test('a stock that is traded under another series is linked under it', async () => {
    const list = listWith('RELINFRA-BE,RELIANCE INFRASTRUCTURE');
    expect(await links('Reliance Infra gains', list)).toEqual(['RELINFRA-BE']);
  });
  test('a name that two stocks have is left out', async () => {
    const list = listWith('AAA,QUARTZON STEEL', 'BBB,QUARTZON STEEL LTD');
    expect(await reasons('Quartzon Steel gains', list)).toEqual(['could be AAA or BBB']);
  });
});
