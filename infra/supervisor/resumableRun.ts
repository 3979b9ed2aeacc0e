// A paper run that was killed, as far as it can be gone on with: its folder, with database and histories of the same
// life, and an exchange that is rebuilt from its journal.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningSystem } from './runFolder';

export interface ResumableRun {
  readonly folder: string;
  /** Arguments its exchange was started with. */
  readonly exchange: readonly string[];
  /** Keys its exchange takes. */
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * @param killed what is left of a system of the account. @param date the session that would be traded now.
 * @returns undefined where it is of another session, of a world, or had not begun.
 */
export function resumableRun(
  killed: RunningSystem | undefined,
  date: string,
): ResumableRun | undefined {
  const exchange = killed?.exchangeArguments ?? null;
  if (killed === undefined || exchange === null || killed.date !== date) return undefined;
  if (!existsSync(join(killed.folder, 'exchange-journal.jsonl'))) return undefined;
  const keys = Object.fromEntries(
    Object.entries(killed.environment).filter(([name]) => isKey(name)),
  );
  return { folder: killed.folder, exchange, keys };
}

const keyNames: readonly string[] = [
  'RATCHET_KITE_API_KEY',
  'RATCHET_KITE_ACCESS_TOKEN',
  'RATCHET_PAPER_TOKEN',
];
const isKey = (name: string): boolean => keyNames.includes(name);
