// `ratchet run` (npm start): brings a system up, runs one paper trading day through it, checks our books
// against the exchange's, ends with the report's path, and leaves nothing running.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { SingleBar } from 'cli-progress';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { Pool } from 'pg';
import { z } from 'zod';
import { createReportActivities, dayFacts, dayRecord, type DayFacts } from '../activities/reports';
import { Fatal } from '../domain/errors';
import { replayDay } from '../domain/parity';
import { istTime } from '../domain/session/sessionClock';
import { formatRupees, paise } from '../domain/units';
import { freePort } from '../infra/freePort';
import { loadConfig, type RatchetConfig } from '../infra/config/config';
import { connectClient } from '../infra/temporal/connect';
import { dayQuery, type DayView } from '../workflows/messages';
import type { tradingDay } from '../workflows';
import { columns } from './output';
import { parityLine } from './parity';
import { startDay } from './startDay';
import type { System } from './system';
import { exportHistories } from './histories';
import { sessionDate, say, whileUp } from './whileUp';

interface RunFlags {
  readonly date?: string;
  readonly seed: string;
  readonly replay?: string;
  readonly speed: number;
  readonly cash: string;
  readonly config?: string;
  readonly uiPort?: number;
  readonly hold?: true;
  readonly histories?: string;
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new InvalidArgumentError(`must be a port from 1 to 65535, was "${text}".`);
}

function speed(text: string): number {
  const value = Number(text);
  if (value >= 1 && value <= 400) return value;
  throw new InvalidArgumentError(`must be a number from 1 to 400, was "${text}".`);
}

export const runCommand = new Command('run')
  .description('run a whole paper trading day on this machine and end with its report')
  .option('--date <date>', 'session date; default the last trading day')
  .option('--seed <n>', 'seed of the generated day', '7')
  .option('--replay <dir>', 'replay real one-minute candles SYMBOL.csv.gz from this folder')
  .option('--speed <x>', 'market time over host time, 1 to 400', speed, 187)
  .option('--cash <rupees>', 'opening cash', '1000000')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--ui-port <n>', 'port of the Temporal UI; default a free one', port)
  .option('--histories <dir>', 'write every workflow history there, for replay tests')
  .option('--hold', 'stay up after the day until Ctrl-C')
  .action(run);

async function run(flags: RunFlags): Promise<void> {
  const config = loadConfig(flags.config);
  const date = sessionDate(flags.date);
  if (flags.uiPort !== undefined) await freePort(flags.uiPort);
  const source = flags.replay === undefined ? ['--seed', flags.seed] : ['--replay', flags.replay];
  const exchange = [
    ...source,
    '--speed',
    String(flags.speed),
    '--cash',
    flags.cash,
    '--start-at',
    '08:45',
  ];
  const report = await whileUp(
    { config, configFile: flags.config, date, exchange, uiPort: flags.uiPort, say },
    async (system, ended) => {
      const path = await Promise.race([tradeDay(system, flags, config), ended]);
      if (flags.hold === true) {
        say(`report: ${path}\nholding; Ctrl-C stops everything`);
        await ended.catch(() => undefined);
      }
      return path;
    },
  );
  process.stdout.write(`report: ${report}\n`);
}

async function tradeDay(
  { running, folder }: System,
  flags: RunFlags,
  config: RatchetConfig,
): Promise<string> {
  Object.assign(process.env, running.environment);
  const client = await connectClient();
  const pool = new Pool({ connectionString: running.environment['DATABASE_URL'], max: 2 });
  try {
    await fetch(`${running.exchange}/paper/clock/start`, { method: 'POST' });
    const handle = await startDay(client, config, running.date, flags.speed);
    const { report } = await followDay(handle);
    await alertsDelivered(client);
    // Written once more, now that the last alerts have arrived too.
    await createReportActivities(pool, folder).writeReport(running.account, running.date);
    const facts = await dayFacts(pool, running.account, running.date);
    summary(facts).forEach((line) => process.stdout.write(`${line}\n`));
    writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts));
    if (flags.histories !== undefined) await exportHistories(client, flags.histories);
    await compareBooks(running.exchange, facts);
    await replayOnce(pool, running, folder);
    return report;
  } finally {
    await pool.end();
    await client.connection.close();
  }
}

/** Waits for alerts still on their way; a receiver that stays away must not keep the day from ending. */
async function alertsDelivered(client: Client): Promise<void> {
  const query = `WorkflowType = 'deliverAlert' AND ExecutionStatus = 'Running'`;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const { count } = await client.workflow.count(query);
    if (count === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  say('some alerts have not been delivered: their receiver does not answer');
}

/** A progress bar on a terminal, a line every few seconds elsewhere. */
async function followDay(handle: WorkflowHandle<typeof tradingDay>): Promise<{ report: string }> {
  const tty = process.stderr.isTTY;
  const bar = new SingleBar({
    format: '{bar} {time} {phase} · {open} open, {closed} closed · {pnl}',
    hideCursor: true,
    stream: process.stderr,
  });
  if (tty) bar.start(100, 0, { time: '', phase: '', open: 0, closed: 0, pnl: '' });
  let first = 0;
  let told = '';
  const show = (view: DayView): void => {
    if (view.closesAt === 0) return;
    first ||= view.marketAt;
    const open = view.positions.filter((position) => !position.closed).length;
    const pnl = formatRupees(
      paise(view.positions.reduce((sum, position) => sum + position.netPnl, 0)),
    );
    const facts = {
      time: istTime(view.marketAt).slice(0, 5),
      phase: view.phase,
      open,
      closed: view.positions.length - open,
      pnl,
    };
    const share = (100 * (view.marketAt - first)) / Math.max(1, view.closesAt - first);
    if (tty) bar.update(Math.max(0, Math.min(100, share)), facts);
    else if (told !== `${view.phase}${facts.time.slice(0, 2)}`) {
      told = `${view.phase}${facts.time.slice(0, 2)}`;
      say(`${facts.time} ${facts.phase} · ${facts.open} open, ${facts.closed} closed · ${pnl}`);
    }
  };
  const asking = setInterval(
    () => void handle.query(dayQuery).then(show, () => undefined),
    tty ? 400 : 1500,
  );
  try {
    return await handle.result();
  } finally {
    clearInterval(asking);
    if (tty) bar.stop();
  }
}

function summary(facts: DayFacts): string[] {
  const rows = facts.trades.map(({ intent, view, netPnl }) => [
    intent.instrument.tradingsymbol,
    intent.direction,
    String(view.quantity),
    formatRupees(view.entryPrice),
    formatRupees(view.exitPrice),
    view.exitReason ?? '',
    formatRupees(netPnl),
  ]);
  return [
    ...columns([
      ['stock', 'side', 'quantity', 'entry', 'exit', 'closed by', 'after charges'],
      ...rows,
    ]),
    `${facts.trades.length} trades · before charges ${formatRupees(facts.grossPnl)} · charges ${formatRupees(facts.charges)} · after charges ${formatRupees(facts.netPnl)}`,
  ];
}

/** The day through the same decisions once more; what differs is said, and kept in the run's folder. */
async function replayOnce(
  pool: Pool,
  { account, date }: System['running'],
  folder: string,
): Promise<void> {
  const report = replayDay(await dayRecord(pool, account, date));
  writeFileSync(join(folder, 'parity.json'), JSON.stringify(report));
  const same = report.differences.length === 0;
  say(`${same ? '✓' : '✗'} parity: ${parityLine(report)}`);
}

const exchangeBooks = z.object({
  data: z.object({
    cash: z.number(),
    charges: z.number(),
    fees: z.number(),
    openPositions: z.array(z.unknown()),
  }),
});

/** Our ledger against the exchange's own books, to the paisa. @throws Fatal naming the difference. */
async function compareBooks(exchange: string, facts: DayFacts): Promise<void> {
  const { data } = exchangeBooks.parse(await (await fetch(`${exchange}/paper/books`)).json());
  const same =
    data.cash === facts.closingCash &&
    data.charges + data.fees === facts.charges &&
    data.openPositions.length === 0 &&
    facts.ledgerSum === 0;
  const line = `books: cash ${formatRupees(facts.closingCash)}, charges ${formatRupees(facts.charges)}, flat`;
  if (same) {
    say(`✓ ${line} · the exchange's own agree to the paisa`);
    return;
  }
  throw new Fatal({
    code: 'BOOKS_DIFFER',
    message: `our ${line}; the exchange has cash ${data.cash} paise, charges ${data.charges + data.fees} paise, ${data.openPositions.length} open positions; our ledger sums to ${facts.ledgerSum}`,
  });
}
