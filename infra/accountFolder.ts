// Where what an account must never lose is kept: outside the checkout, over restarts and upgrades.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** RATCHET_HOME, else a folder of the user's state. */
export const stateHome = (): string =>
  process.env['RATCHET_HOME'] ??
  join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'ratchet');

export const accountFolder = (account: string): string => join(stateHome(), 'accounts', account);

/** Logs and reports of a live account stay in one place over all its runs. */
export const accountLogs = (account: string): string => join(accountFolder(account), 'logs');

export const accountReports = (account: string): string => join(accountFolder(account), 'reports');

export const sessionFile = (account: string): string =>
  join(accountFolder(account), 'session.json');

/** The cluster of live accounts, and an account's database in it. Paper runs have their own. */
export const liveClusterFolder = (): string => join(stateHome(), 'postgres');

export const liveDatabase = (account: string): string =>
  `ratchet_live_${account.replaceAll('-', '_')}`;
