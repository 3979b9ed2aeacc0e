// The journal as a file: one write per line, straight to the file, so that what was acknowledged is on
// record.
import { closeSync, openSync, writeSync } from 'node:fs';
import { Refused, wordsOf } from '../domain/errors';
import { epochMs, type EpochMs } from '../domain/units';
import { writtenLine, type JournalLine, type JournalSink } from './engine/journal';

export interface JournalFile {
  readonly write: JournalSink;
  /** As `write`, for a line that is about an instant of the host. */
  readonly writeAsOf: (line: JournalLine, hostAt: EpochMs) => void;
  readonly close: () => void;
}

/** Opens the file for appending; without a path nothing is kept. @throws Refused EXCHANGE_JOURNAL */
export function openJournal(path: string | undefined): JournalFile {
  if (path === undefined) {
    const nothing = (): void => undefined;
    return { write: nothing, writeAsOf: nothing, close: nothing };
  }
  const file = openForAppend(path);
  const writeAsOf = (line: JournalLine, hostAt: EpochMs): void =>
    void writeSync(file, `${JSON.stringify(writtenLine(line, hostAt))}\n`);
  return {
    write: (line) => writeAsOf(line, epochMs(Date.now())),
    writeAsOf,
    close: () => closeSync(file),
  };
}

function openForAppend(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    const why = wordsOf(error);
    throw new Refused({
      code: 'EXCHANGE_JOURNAL',
      message: `journal "${path}" cannot be written: ${why}`,
    });
  }
}
