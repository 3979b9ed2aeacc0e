// The journal as a file: one write per line, straight to the file, so that what was acknowledged is on
// record.
import { closeSync, openSync, writeSync } from 'node:fs';
import { Refused } from '../domain/errors';
import { epochMs } from '../domain/units';
import { writtenLine, type JournalSink } from './engine/journal';

export interface JournalFile {
  readonly write: JournalSink;
  readonly close: () => void;
}

/** Opens the file for appending; without a path nothing is kept. @throws Refused EXCHANGE_JOURNAL */
export function openJournal(path: string | undefined): JournalFile {
  if (path === undefined) return { write: () => undefined, close: () => undefined };
  const file = openForAppend(path);
  return {
    write: (line) => writeSync(file, `${JSON.stringify(writtenLine(line, epochMs(Date.now())))}\n`),
    close: () => closeSync(file),
  };
}

function openForAppend(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused({
      code: 'EXCHANGE_JOURNAL',
      message: `journal "${path}" cannot be written: ${why}`,
    });
  }
}
