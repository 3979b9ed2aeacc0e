// The systemd unit that keeps a system up, as text. Values are quoted so that systemd reads them back as they are:
// it splits at blanks, takes "%" for a specifier, and in commands "$" for a variable.
import { Refused } from '../../domain/errors';

/** Where the unit lives: of the machine, or of one user, whose manager knows neither network nor clock. */
export type UnitScope = 'system' | 'user';

export interface UnitTerms {
  readonly scope: UnitScope;
  readonly account: string;
  readonly mode: string;
  /** Whose system it is; only a unit of the machine names it. */
  readonly user: string;
  /** Absolute paths. */
  readonly node: string;
  readonly checkout: string;
  readonly configFile: string | null;
  /** Variables of the installing shell that say where things are. No secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** A private file with the secrets' variables, which need not exist. */
  readonly environmentFile: string;
  /** Folders the system writes in. */
  readonly writable: readonly string[];
}

export const unitName = (account: string): string => `ratchet-${account}.service`;

/** How long the machine's clock may take to be set before the system starts without. */
const clockSeconds = 60;

/** A graceful stop takes up to five children's grace of 20 s, and what rests is said first. */
const stopSeconds = 150;

/** @throws Refused SERVICE_PATH on what not every line of a unit can hold. */
function plain(value: string): string {
  if (!/["\\\n\r]/.test(value)) return value.replaceAll('%', '%%');
  throw new Refused({
    code: 'SERVICE_PATH',
    message: `a path of the service must have no quote, backslash or line break, was ${JSON.stringify(value)}`,
  });
}

const quoted = (value: string): string => `"${plain(value)}"`;

const argument = (value: string): string => quoted(value).replaceAll('$', '$$$$');

/** The clock says when a session begins; a set clock also means that there is a network. */
const waitForClock = `/bin/sh -c 'for i in $$(seq ${clockSeconds}); do [ "$$(timedatectl show -p NTPSynchronized --value)" = yes ] && exit 0; sleep 1; done'`;

/** The unit's text. */
export function unitText(terms: UnitTerms): string {
  const { scope, account, mode, user, node, checkout, configFile, environment } = terms;
  const isSystem = scope === 'system';
  const command = [
    quoted(node),
    argument(`${checkout}/infra/setup/ratchet.mjs`),
    'up',
    ...(configFile === null ? [] : ['--config', argument(configFile)]),
  ].join(' ');
  const lines = [
    '# Written by `ratchet service install`; `ratchet service remove` takes it away.',
    '[Unit]',
    `Description=Ratchet, account ${account}, ${mode}`,
    ...(isSystem
      ? [
          'Wants=network-online.target time-sync.target',
          'After=network-online.target time-sync.target',
        ]
      : []),
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    ...(isSystem ? [`User=${user}`] : []),
    `WorkingDirectory=${plain(checkout)}`,
    ...Object.entries(environment).map(
      ([name, value]) => `Environment=${quoted(`${name}=${value}`)}`,
    ),
    `EnvironmentFile=-${plain(terms.environmentFile)}`,
    `ExecStartPre=-${waitForClock}`,
    `ExecStart=${command}`,
    `TimeoutStartSec=${clockSeconds + 30}`,
    'Restart=always',
    'RestartSec=5',
    'KillMode=mixed',
    `TimeoutStopSec=${stopSeconds}`,
    'UMask=0077',
    'NoNewPrivileges=yes',
    'PrivateTmp=yes',
    'ProtectSystem=strict',
    `ReadWritePaths=${terms.writable.map((path) => quoted(`-${path}`)).join(' ')}`,
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`,
  ];
  return `${lines.join('\n')}\n`;
}
