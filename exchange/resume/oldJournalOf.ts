// Which sessions can be gone on with, by what they are started with.
import { Refused } from '../../domain/errors';
import type { PaperExchangeOptions } from '../options';
import { readOldJournal, type OldJournal } from './oldJournal';

/** The journal to go on with; undefined for a session that begins. @throws Refused where the session cannot be played again from its journal alone. */
export function oldJournalOf(options: PaperExchangeOptions): OldJournal | undefined {
  if (options.resume !== true) return undefined;
  const { journalPath, source, script = [], booksFile, speed } = options;
  if (journalPath === undefined) throw notResumed('--resume needs --journal FILE');
  if (script.length > 0) throw notResumed('--resume cannot go with --faults or --login-elsewhere');
  if (booksFile !== undefined && source.kind !== 'feed')
    throw notResumed('--resume cannot go with --books');
  const old = readOldJournal(journalPath);
  if (old.clock !== undefined && old.clock.speed !== speed)
    throw notResumed(`${journalPath} is of speed ${old.clock.speed}, but --speed is ${speed}`);
  return old;
}

const notResumed = (message: string): Refused => new Refused({ code: 'EXCHANGE_RESUME', message });
