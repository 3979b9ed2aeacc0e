// Where a system keeps what outlives it, and what does not. A live account and a shadow have places of their own over all their runs;
// on paper a world has some, and the rest is the run's.
import { basename } from 'node:path';
import { databaseName, logsIn, reportsIn, systemFolder } from '../accountFolder';
import type { RatchetConfig } from '../config/config';
import type { World } from './world';

export interface RunOf {
  readonly config: RatchetConfig;
  readonly world: World | undefined;
  /** The run's own folder. */
  readonly folder: string;
}

const isPaper = ({ config }: RunOf): boolean => config.mode === 'paper';

const accounts = ({ config: { mode, account } }: RunOf): string => systemFolder(mode, account);

/** The folder for what the next session needs. */
export const stateFolder = (run: RunOf): string =>
  isPaper(run) ? (run.world?.folder ?? run.folder) : accounts(run);

/** The database with the same life. */
export const databaseOf = (run: RunOf): string =>
  isPaper(run)
    ? (run.world?.state.database ??
      `ratchet_${basename(run.folder).replaceAll('-', '_').toLowerCase()}`)
    : databaseName(run.config.mode, run.config.account);

export const logFolder = (run: RunOf): string =>
  isPaper(run) ? run.folder : logsIn(accounts(run));

export const reportFolder = (run: RunOf): string =>
  isPaper(run) ? run.folder : reportsIn(accounts(run));
