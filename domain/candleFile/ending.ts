// May a file whose last line has no line end be whole? Programs leave the line end out, and a full disk cuts a number
// short: "1250" becomes "125", which nothing else shows.
import { istTime } from '../session/sessionClock';
import { refuseFile } from './cell';
import type { CsvTable } from './table';
import type { WrittenBar } from './writtenBar';

/** So few rows are written by hand. A day that was cut has more, or is refused for its missing minutes. */
const shortRows = 60;
/** The last row of a whole session is at this time or later. Where the newest row comes first, it is at the open. */
const lateFrom = '15:15';
const open = '09:15';

/** @param last as it stands in the file, which has so many rows. @throws Refused CANDLE_FILE naming the line. */
export function requireEnding(
  { file, isEnded }: CsvTable,
  last: WrittenBar | undefined,
  rows: number,
): void {
  if (isEnded || last === undefined || rows <= shortRows) return;
  const time = istTime(last.at).slice(0, 5);
  if (time === open || time >= lateFrom) return;
  refuseFile(
    `"${file}" line ${last.line} has no line end in the midst of a session, so the file may have been cut there: it must end with one, was "${last.written.join(',').slice(0, 60)}"`,
  );
}
