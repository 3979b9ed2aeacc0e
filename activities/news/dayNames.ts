// The names of the day: the broker's list of stocks joined with the project's own table, made once a day. Without the
// list the names of the day before count, or the project's own, and the pass says so.
import { nameTable, type ListedName, type NameTable } from '../../domain/sentiment';
import { istDate } from '../../domain/session/sessionClock';
import type { EpochMs } from '../../domain/units';
import type { SourceFailure } from './sources';

export interface DayNames {
  /** Undefined where there has been no list yet. */
  readonly table: NameTable | undefined;
  readonly failures: readonly SourceFailure[];
}

/** @param listing the broker's list. @returns what to ask for the names as of a market instant. */
export function dayNames(
  listing: () => Promise<readonly ListedName[]>,
): (asOf: EpochMs) => Promise<DayNames> {
  let made: { readonly date: string; readonly table: NameTable } | undefined;
  let failedInARow = 0;
  return async (asOf) => {
    const date = istDate(asOf);
    if (made?.date === date) return { table: made.table, failures: [] };
    try {
      made = { date, table: nameTable(await listing()) };
      failedInARow = 0;
      return { table: made.table, failures: [] };
    } catch (error) {
      failedInARow += 1;
      const why = error instanceof Error ? error.message : 'could not be had';
      const failure = { source: 'list of stocks', why, timesInARow: failedInARow };
      return { table: made?.table, failures: [failure] };
    }
  };
}
