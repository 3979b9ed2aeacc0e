// Where what an account must never lose is kept: outside the checkout, over restarts and upgrades.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Mode } from '../domain/live/mode';

/** RATCHET_HOME, else a folder of the user's state. */
export const stateHome = (): string =>
  process.env['RATCHET_HOME'] ??
  join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'ratchet');

/** The account's own: its session at the broker and its consent, whatever the mode. */
export const accountFolder = (account: string): string => join(stateHome(), 'accounts', account);

/** Logs and reports stay in one place of the system over all its runs. */
export const logsIn = (folder: string): string => join(folder, 'logs');
export const reportsIn = (folder: string): string => join(folder, 'reports');

export const sessionFile = (account: string): string =>
  join(accountFolder(account), 'session.json');

/** What a live or shadow system of the account keeps. The two have nothing in common but the broker's session. */
export const systemFolder = (mode: Mode, account: string): string =>
  mode === 'live' ? accountFolder(account) : join(accountFolder(account), mode);

export const databaseName = (mode: Mode, account: string): string =>
  `ratchet_${mode}_${account.replaceAll('-', '_')}`;

/** The cluster of live and shadow systems. Paper runs have their own. */
export const clusterFolder = (): string => join(stateHome(), 'postgres');
