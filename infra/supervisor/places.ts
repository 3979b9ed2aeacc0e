// Where a system keeps what outlives it, and what does not. A live account has places of its own over all its runs;
// on paper a world has some, and the rest is the run's.
import { basename } from 'node:path';
import { accountFolder, accountLogs, accountReports, liveDatabase } from '../accountFolder';
import type { RatchetConfig } from '../config/config';
import type { World } from './world';

export interface RunOf {
  readonly config: RatchetConfig;
  readonly world: World | undefined;
  /** The run's own folder. */
  readonly folder: string;
}

const isLive = ({ config }: RunOf): boolean => config.mode === 'live';

/** The folder for what the next session needs. */
export const stateFolder = (run: RunOf): string =>
  isLive(run) ? accountFolder(run.config.account) : (run.world?.folder ?? run.folder);

/** The database with the same life. */
export const databaseOf = (run: RunOf): string =>
  isLive(run)
    ? liveDatabase(run.config.account)
    : (run.world?.state.database ??
      `ratchet_${basename(run.folder).replaceAll('-', '_').toLowerCase()}`);

export const logFolder = (run: RunOf): string =>
  isLive(run) ? accountLogs(run.config.account) : run.folder;

export const reportFolder = (run: RunOf): string =>
  isLive(run) ? accountReports(run.config.account) : run.folder;
