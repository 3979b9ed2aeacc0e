// Where the logs are that a person means: of the system that runs here, of an account, or of the latest run.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { logsIn, stateHome, systemFolder } from '../accountFolder';
import { ratchetHome } from '../checkout';
import { logFileOf } from './logs';
import { readRunning } from './runFolder';

const namesIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder) : [];

/** When the supervisor last wrote there; 0 where it never has. */
function writtenAt(folder: string): number {
  const file = logFileOf(folder, 'supervisor');
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

/** @param account null: any. @returns undefined where there are none. */
export function latestLogs(account: string | null): string | undefined {
  const running = readRunning();
  const isMeant = account === null || account === running?.account;
  if (running !== undefined && isMeant) return running.logs;
  const accounts = account === null ? namesIn(join(stateHome(), 'accounts')) : [account];
  const runs = account === null ? namesIn(join(ratchetHome, 'runs')) : [];
  const folders = [
    ...accounts.flatMap((account) =>
      (['live', 'shadow'] as const).map((mode) => logsIn(systemFolder(mode, account))),
    ),
    ...runs.map((run) => join(ratchetHome, 'runs', run)),
  ];
  return folders
    .filter((folder) => writtenAt(folder) > 0)
    .toSorted((left, right) => writtenAt(left) - writtenAt(right))
    .at(-1);
}
