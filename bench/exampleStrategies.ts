// The table of docs/strategies.md: each strategy of examples/strategies alone, and the shipped agents, over the recorded
// days of a folder, without a model. Usage: npm run bench:examples -- FOLDER [FROM TO]
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { backtestDay, chooseDays, totalReport, type TotalReport } from '../backtest';
import { agentNames } from '../domain/agents';
import { formatRupees, paise } from '../domain/units';
import { chanceFor } from '../exchange/market/chance';
import { recordedMarkets } from '../exchange/market/replay';
import { checkout } from '../infra/checkout';
import { loadConfig } from '../infra/config/config';
import { readCalendar } from '../infra/config/sections/calendar';
import { openVoters } from '../infra/strategies/open';

const examples = join(checkout, 'examples', 'strategies');
const [directory = '', from = '2021-03-26', to = '2021-06-11'] = process.argv.slice(2);
const cash = paise(100_000_000);
const seed = 7;

async function totalOf(use: readonly string[]): Promise<TotalReport> {
  const written = loadConfig();
  const strategies = { ...written.strategies, folder: examples, use: [...use] };
  const { voters, decision } = await openVoters({ ...written, strategies });
  const calendar = readCalendar(written.calendar);
  const days = chooseDays(directory, { from, to }, calendar);
  const marketOf = recordedMarkets(
    { directory, calendar, seed },
    days.map(({ date }) => date),
  );
  const config = { ...written, strategies, decision };
  const outcomes = [];
  for (const day of days)
    outcomes.push(
      await backtestDay(day, { config, model: null, voters, cash, seed, randomRuns: 0, marketOf }),
    );
  return totalReport(outcomes, cash, chanceFor(seed, 'interval').unit);
}

const bp = (value: number): string => value.toFixed(1).replace('-', '−');

function row(name: string, total: TotalReport): string {
  const { trades, hitRate, grossPnl, charges, netPnl, grossBps } = total;
  const hits = hitRate === null ? '–' : `${(100 * hitRate).toFixed(1)} %`;
  const sure =
    grossBps === null ? '–' : `${bp(grossBps.mean)} (${bp(grossBps.low)} to ${bp(grossBps.high)})`;
  const money = [grossPnl, charges, netPnl].map(formatRupees);
  return `| ${[name, trades, hits, ...money, sure].join(' | ')} |`;
}

async function main(): Promise<void> {
  const names = readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  console.log(
    '| in use | trades | hits | before charges | charges | after charges | before charges, bp of value entered (95 % by days) |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const name of names) console.log(row(name, await totalOf([name])));
  console.log(row('the five agents', await totalOf(agentNames)));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
