// One session of `ratchet run`: the day's start, the comparison of the books, the replay of its record, and
// its report.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { Pool } from 'pg';
import {
  createReportActivities,
  dayFacts,
  dayRecord,
  type DayFacts,
} from '../../activities/reports';
import { replayedDay } from '../../infra/strategies/asked';
import type { PositionView } from '../../domain/position';
import { istTime } from '../../domain/session/sessionClock';
import { formatRupees, paise, type Paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import { namedDatabases } from '../../infra/postgres/databases';
import { connectClient } from '../../infra/temporal/connect';
import { dayQuery, type DayView } from '../../workflows/messages';
import type { tradingDay } from '../../workflows';
import { compareBooks } from './compareBooks';
import { columns, rupees, say } from '../text/output';
import { parityLine } from '../commands/parity';
import { startDay } from '../startDay';
import type { System } from '../../infra/supervisor/system';
import { exportHistories } from './histories';
import { askExchange } from '../paperAdmin';

/** How a session is traded. */
export interface TradedDayTerms {
  readonly config: RatchetConfig;
  /** Market time over host time. */
  readonly speed: number;
  /** Folder for every workflow history. */
  readonly histories: string | undefined;
  /** Closing cash of the world's session before, if there was one that ended. */
  readonly cashBefore: Paise | null;
}

export interface TradedDay {
  /** Path of the session's report. */
  readonly report: string;
  readonly closingCash: Paise;
}

/** Trades the system's session to its end. @throws Fatal BOOKS_DIFFER */
export async function tradeDay(
  { running, folder }: System,
  { config, speed, histories, cashBefore }: TradedDayTerms,
): Promise<TradedDay> {
  const client = await connectClient(running.environment);
  const pool = new Pool({
    connectionString: namedDatabases(running.environment)?.reader,
    max: 2,
  });
  try {
    await askExchange(running, '/paper/clock/start', 'POST');
    const handle = await startDay(client, config, running.date, { speed });
    const { report } = await followDay(handle);
    await alertsDelivered(client);
    // The report is written once more, now that the last alerts have arrived.
    await createReportActivities(pool, folder).writeReport(running.account, running.date);
    const facts = await dayFacts(pool, running.account, running.date);
    summary(facts).forEach((line) => process.stdout.write(`${line}\n`));
    writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts));
    if (histories !== undefined) await exportHistories(client, histories);
    say(await compareBooks(running, facts, cashBefore));
    await replayOnce(pool, running, folder);
    return { report, closingCash: facts.closingCash };
  } finally {
    await pool.end();
    await client.connection.close();
  }
}

/** Waits for alerts still under way. A receiver that stays away must not keep the day from ending. */
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
    ...facts.carried.map(({ view }) => carriedLine(view)),
    `${facts.trades.length} trades · before charges ${formatRupees(facts.grossPnl)} · charges ${formatRupees(facts.charges)} · after charges ${formatRupees(facts.netPnl)}`,
  ];
}

const carriedLine = (view: PositionView): string =>
  `${view.tradingsymbol} ${view.direction} ${view.quantity} at ${formatRupees(view.entryPrice)} held over the night, stop ${rupees(view.confirmedStop)}, target ${rupees(view.target)}, so far ${formatRupees(view.pnl)} before charges`;

/** Replays the day's record. Differences are printed, and kept in the run's folder. */
async function replayOnce(
  pool: Pool,
  { account, date }: System['running'],
  folder: string,
): Promise<void> {
  const report = await replayedDay(await dayRecord(pool, account, date));
  writeFileSync(join(folder, 'parity.json'), JSON.stringify(report));
  const same = report.differences.length === 0;
  say(`${same ? '✓' : '✗'} parity: ${parityLine(report)}`);
}
