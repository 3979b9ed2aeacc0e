// `ratchet compare`: a shadow's day beside the live day of the same date: the same trades with their prices, those
// that only one of them made, and what both came to. With two files, two saved backtests or studies, day by day.
import { Command } from 'commander';
import { dayTrades } from '../../activities/reports/dayTrades';
import { Refused } from '../../domain/errors';
import { compareDays, type DayComparison, type DayTrade } from '../../domain/live/comparison';
import { databaseName } from '../../infra/accountFolder';
import { withAccountRecords, type AccountRecords } from '../../infra/supervisor/accountRecords';
import { parseSessionDate } from '../../domain/session/calendar';
import { comparisonLines } from '../text/comparisonTable';
import { print } from '../text/output';
import { chosenDay } from '../talk';
import { comparedDocuments, pairedLines } from '../comparedDocuments';

interface CompareFlags {
  readonly account?: string;
  readonly date?: string;
  readonly json?: true;
}

/** What was compared. */
export interface ComparedDay extends DayComparison {
  readonly account: string;
  readonly date: string;
}

async function tradesOf(
  records: AccountRecords,
  mode: 'shadow' | 'live',
  { account, date }: { readonly account: string; readonly date: string },
): Promise<readonly DayTrade[]> {
  const pool = records.get(mode);
  const trades = pool === undefined ? null : await dayTrades(pool, account, date);
  if (trades !== null) return trades;
  const why =
    pool === undefined
      ? `there is no database ${databaseName(mode, account)}`
      : 'it was never opened';
  throw new Refused({
    code: 'DAY_UNKNOWN',
    message: `account ${account} has no ${mode} day ${date} to compare: ${why}`,
  });
}

function compareFiles(first: string, second: string, flags: CompareFlags): void {
  if (flags.date !== undefined || flags.account !== undefined)
    throw new Refused({
      code: 'COMPARE_DOCUMENT',
      message:
        'two files are compared without --date and --account, which name a day of an account',
    });
  const compared = comparedDocuments(first, second);
  print(flags.json === true, compared, () => pairedLines(compared));
}

async function compare(
  first: string | undefined,
  second: string | undefined,
  flags: CompareFlags,
): Promise<void> {
  if (first !== undefined && second !== undefined) {
    compareFiles(first, second, flags);
    return;
  }
  if (first !== undefined || flags.date === undefined)
    throw new Refused({
      code: 'COMPARE_DOCUMENT',
      message: 'give --date D for a shadow day beside the live one, or two files A and B',
    });
  const date = parseSessionDate(flags.date);
  const { account } = chosenDay({ ...flags, date });
  const compared = await withAccountRecords(
    account,
    ['shadow', 'live'],
    async (records): Promise<ComparedDay> => {
      const day = { account, date };
      const shadow = await tradesOf(records, 'shadow', day);
      return { ...day, ...compareDays(shadow, await tradesOf(records, 'live', day)) };
    },
  );
  print(flags.json === true, compared, () => comparisonLines(compared));
}

export const compareCommand = new Command('compare')
  .description(
    'a shadow day beside the live day of the same date; or two saved backtests or studies, day by day',
  )
  .argument('[first]', 'what `ratchet backtest --json` or `ratchet optimise --json` printed')
  .argument('[second]', 'another, of the same days')
  .option('--date <date>', 'the session')
  .option('--account <name>', 'account; default the running one')
  .option('--json', 'print one JSON document')
  .action(compare);
