// Asks systemd's manager, of the machine or of the user. It may be absent, as in a container.
import { execFile } from 'node:child_process';
import type { UnitScope } from './unit';

/** What it said, or why it said nothing. */
export type ManagerAnswer =
  | { readonly kind: 'said'; readonly ok: boolean; readonly text: string }
  | { readonly kind: 'silent'; readonly why: string };

/** The command as a person would type it. */
export const managerCommand = (scope: UnitScope, args: readonly string[]): string =>
  ['systemctl', ...(scope === 'user' ? ['--user'] : []), ...args].join(' ');

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

export const askManager = (scope: UnitScope, args: readonly string[]): Promise<ManagerAnswer> =>
  new Promise((settle) => {
    const all = [...(scope === 'user' ? ['--user'] : []), ...args];
    execFile('systemctl', all, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') settle({ kind: 'silent', why: 'systemctl is not here' });
      else if (/connect to bus|not been booted with systemd/.test(stderr))
        settle({ kind: 'silent', why: `systemctl has no systemd to ask: ${firstLine(stderr)}` });
      else settle({ kind: 'said', ok: error === null, text: firstLine(stdout || stderr) });
    });
  });
