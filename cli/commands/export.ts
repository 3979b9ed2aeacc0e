// `ratchet export`: trades, charges and ledger of a span of days as CSV, for a tax return. What the columns mean
// is in docs/export.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { exportRecords, recordedSessions, type ExportSpan } from '../../activities/ledger/exported';
import { Refused } from '../../domain/errors';
import { exportOf, type Export, type ExportTable } from '../../domain/export';
import { isCalendarDate, type SessionDate } from '../../domain/session/calendar';
import { loadConfig } from '../../infra/config/config';
import { livingSystem } from '../../infra/supervisor/runFolder';
import { withAccountRecords } from '../accountRecords';
import { print } from '../text/output';

interface ExportFlags {
  readonly from: SessionDate;
  readonly to: SessionDate;
  readonly account?: string;
  readonly config?: string;
  readonly out: string;
  readonly json?: true;
}

const date = (text: string): SessionDate => {
  if (isCalendarDate(text)) return text;
  throw new InvalidArgumentError(`must be a calendar date like 2026-11-20, was "${text}".`);
};

/** Recorded days named one by one; more are told by their ends. */
const namedMax = 10;

function daysSentence(days: readonly string[]): string {
  const [first] = days;
  if (first === undefined) return 'it has no recorded days here';
  return days.length <= namedMax
    ? `its recorded days are ${days.join(', ')}`
    : `its ${days.length} recorded days go from ${first} to ${days.at(-1) ?? first}`;
}

const runningAccount = (): string | undefined => livingSystem()?.account;

async function exportDays(flags: ExportFlags): Promise<void> {
  const { from, to, config, out } = flags;
  if (from > to)
    throw new Refused({
      code: 'EXPORT_SPAN',
      message: `--from must not be after --to, was ${from} to ${to}`,
    });
  const account = flags.account ?? runningAccount() ?? loadConfig(config).account;
  const span = { account, from, to };
  const { days, made } = await withAccountRecords(account, async (pool) => {
    const recorded = await recordedSessions(pool, account);
    const within = recorded.filter((day) => day >= from && day <= to);
    if (within.length === 0)
      throw new Refused({
        code: 'EXPORT_NO_DAYS',
        message: `account ${account} has no day from ${from} to ${to}; ${daysSentence(recorded)}`,
      });
    return { days: within, made: exportOf(await exportRecords(pool, span), from) };
  });
  const files = written(resolve(out), span, made);
  for (const intentId of made.unsettled)
    process.stderr.write(`left out: position ${intentId} is not settled yet\n`);
  const summary = { account, days, files, unsettled: made.unsettled };
  print(flags.json === true, summary, () => [
    `${days.length} days of account ${account}, ${made.trades.rows.length} closed trades`,
    ...Object.values(files),
  ]);
}

type Tables = Pick<Export, 'trades' | 'charges' | 'ledger'>;

function written(
  folder: string,
  { account, from, to }: ExportSpan,
  { trades, charges, ledger }: Tables,
): Readonly<Record<keyof Tables, string>> {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, { header, rows }: ExportTable): string => {
    const file = join(folder, `${name}-${account}-${from}-${to}.csv`);
    writeFileSync(file, stringify([header, ...rows]));
    return file;
  };
  return {
    trades: write('trades', trades),
    charges: write('charges', charges),
    ledger: write('ledger', ledger),
  };
}

export const exportCommand = new Command('export')
  .description('write trades, charges and ledger of a span of days as CSV, for a tax return')
  .requiredOption('--from <date>', 'first day, like 2026-04-01', date)
  .requiredOption('--to <date>', 'last day, included', date)
  .option('--account <name>', 'account; default the running one, else the configured one')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--out <folder>', 'where to write them', '.')
  .option('--json', 'print one JSON document')
  .action(exportDays);
