// Goal: adjusted and unadjusted history never meet in one series. Method: the table candleFactors.json: a generated day
// whose history of one stock is brought to another scale, through `ratchet backtest`. The stock is left out with its
// reason, or a factors file gives exactly the result of the day that was never split.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { backtestCommand } from '../../cli/commands/backtest';
import type { BacktestDocument } from '../../cli/text/backtestTable';
import { date, writeSmallDay } from '../backtest/smallDay';
import { newFolder, printed } from '../support/candleDoors';

interface Scale {
  readonly symbol: string;
  readonly exDate: string;
  readonly factor: number;
}

interface Case {
  readonly case: string;
  readonly source: string;
  /** The history as it was before the event; null where there was none. */
  readonly scale: Scale | null;
  readonly factors: string | null;
  /** `same` as without an event, `refused: ` with a part of the sentence, or a part of why the stock is left out. */
  readonly expected: string;
}

const { cases } = JSON.parse(readFileSync(join(__dirname, 'candleFactors.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};

const folder = newFolder();
const fileOf = (symbol: string): string => join(folder, 'minute/core', `${symbol}.csv.gz`);
const textOf = (symbol: string): string => gunzipSync(readFileSync(fileOf(symbol))).toString();
let original = '';

beforeAll(() => {
  writeSmallDay(folder, 11);
  const names = readdirSync(join(folder, 'minute/core'));
  for (const name of names.filter((one) => !['INFY.csv.gz', 'SBIN.csv.gz'].includes(one)))
    rmSync(join(folder, 'minute/core', name));
  // Volumes of fours, so that none is rounded when it is divided and multiplied again.
  original = rewritten(textOf('INFY'), (prices, volume) => [prices, 4 * Math.ceil(volume / 4)]);
});
beforeEach(() => writeFileSync(fileOf('INFY'), gzipSync(original)));
afterAll(() => rmSync(folder, { recursive: true }));

function rewritten(
  text: string,
  change: (prices: readonly number[], volume: number, day: string) => [readonly number[], number],
): string {
  const [header = '', ...rows] = text.trimEnd().split('\n');
  const changed = rows.map((row) => {
    const [ts = '', ...cells] = row.split(',');
    const [prices, volume] = change(
      cells.slice(0, 4).map(Number),
      Number(cells[4]),
      ts.slice(0, 10),
    );
    return [ts, ...prices.map((price) => price.toFixed(2)), volume].join(',');
  });
  return `${[header, ...changed].join('\n')}\n`;
}

const unadjusted = ({ exDate, factor }: Scale): string =>
  rewritten(original, (prices, volume, day) =>
    day < exDate ? [prices.map((price) => price * factor), volume / factor] : [prices, volume],
  );

const base = ['--replay', folder, '--date', date, '--model', 'none', '--random', '0', '--json'];
const backtested = async (...args: string[]): Promise<BacktestDocument> =>
  JSON.parse((await printed(backtestCommand, [...base, ...args])).stdout) as BacktestDocument;

let usual: Promise<BacktestDocument> | undefined;

test.each(cases.map((one) => [one.case, one.source, one.expected, one] as const))(
  '%s (%s): %s',
  async (_name, _source, expected, { scale, factors }) => {
    const whole = await (usual ??= backtested());
    if (scale !== null) writeFileSync(fileOf(scale.symbol), gzipSync(unadjusted(scale)));
    const file = join(folder, 'factors.csv');
    if (factors !== null) writeFileSync(file, factors);
    const found = backtested(...(factors === null ? [] : ['--factors', file]));
    if (expected.startsWith('refused: ')) {
      await expect(found).rejects.toThrow(expected.slice('refused: '.length));
      await expect(found).rejects.toThrow(file);
    } else if (expected === 'same') expect(await found).toEqual(whole);
    else {
      const [day] = (await found).days;
      expect(day?.stocks).toBe(1);
      expect(day?.leftOut).toMatchObject([{ tradingsymbol: 'INFY', rank: null }]);
      expect(day?.leftOut[0]?.reason).toContain(expected);
      expect(day?.tradeList.map(({ tradingsymbol }) => tradingsymbol)).not.toContain('INFY');
    }
  },
);

test('who is left out, and why, is in the tables, too', async () => {
  const scale = { symbol: 'INFY', exDate: '2026-11-19', factor: 2 };
  writeFileSync(fileOf('INFY'), gzipSync(unadjusted(scale)));
  const { stdout } = await printed(
    backtestCommand,
    base.filter((flag) => flag !== '--json'),
  );
  expect(stdout).toMatch(
    /not traded on 2026-11-20, .*the price moved −.* a split, a bonus or an error: INFY/,
  );
});
