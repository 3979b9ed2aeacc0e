// `ratchet screen [SYMBOL]`: which stocks the day watches, in their order, and why each other stock is left
// out.
import { Command } from 'commander';
import type { Pool } from 'pg';
import { Refused } from '../../domain/errors';
import type { ScreenRow } from '../../domain/market/screen';
import type { Paise } from '../../domain/units';
import { columns, print, rupees } from '../text/output';
import { chosenDay, withRecords, type DayChoice } from '../talk';
import { withDayOptions } from '../dayOptions';

interface ScreenFlags extends DayChoice {
  readonly json?: true;
}

async function readScreening(
  pool: Pool,
  day: { readonly account: string; readonly date: string },
  tradingsymbol: string | undefined,
): Promise<readonly ScreenRow[]> {
  const { rows } = await pool.query<ScreenRow>(
    `select rank, watched, reason, stock, figures from screening
     where account = $1 and date = $2 and ($3::text is null or tradingsymbol = $3)
     order by rank nulls last, tradingsymbol`,
    [day.account, day.date, tradingsymbol ?? null],
  );
  if (rows.length === 0)
    throw new Refused({
      code: 'NOT_SCREENED',
      message:
        tradingsymbol === undefined
          ? `the day ${day.date} of account ${day.account} has not been screened`
          : `${tradingsymbol} was not screened on ${day.date}; is it listed, or in the configured universe?`,
    });
  return rows;
}

const known = (value: number | null, unit: string): string =>
  value === null ? '–' : `${value} ${unit}`;

const crore = (amount: Paise | null): string =>
  amount === null ? '–' : `₹${(amount / 1e9).toFixed(1)} crore`;

const lines = (rows: readonly ScreenRow[]): string[] =>
  columns([
    [
      ...['stock', 'watched', 'shortable', 'price', 'turnover'],
      ...['spread', 'to limit', 'range', 'sector', 'why'],
    ],
    ...rows.map(({ stock, watched, reason, figures }) => [
      ...[stock.tradingsymbol, watched ? 'yes' : 'no', stock.hasDerivatives ? 'yes' : 'no'],
      ...[rupees(figures.lastPrice), crore(figures.turnover)],
      ...[known(figures.spreadBps, 'bp'), known(figures.bandDistanceBps, 'bp')],
      ...[known(figures.atrPct, '%'), stock.sector, reason],
    ]),
  ]);

export const screenCommand = withDayOptions(
  new Command('screen')
    .description('which stocks the day watches, and why each is in or out')
    .argument('[symbol]', 'only this stock'),
).action(async (symbol: string | undefined, flags: ScreenFlags) => {
  const day = chosenDay(flags);
  const rows = await withRecords((pool) => readScreening(pool, day, symbol?.toUpperCase()));
  print(flags.json === true, rows, () => lines(rows));
});
