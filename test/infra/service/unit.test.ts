// Goal: the unit says what was asked, holds no secret, and systemd itself reads its paths back as they are.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unitName, unitText, type UnitTerms } from '../../../infra/service/unit';

const terms: UnitTerms = {
  scope: 'user',
  account: 'mine',
  mode: 'live',
  user: 'asha',
  node: '/usr/bin/node',
  checkout: '/home/asha/ratchet',
  configFile: '/home/asha/my.json',
  environment: {},
  environmentFile: '/home/asha/.local/state/ratchet/accounts/mine/service.env',
  writable: ['/home/asha/ratchet', '/home/asha/.local/state/ratchet'],
};

const usersUnit = `# Written by \`ratchet service install\`; \`ratchet service remove\` takes it away.
[Unit]
Description=Ratchet, account mine, live
StartLimitIntervalSec=0

[Service]
Type=exec
WorkingDirectory=/home/asha/ratchet
EnvironmentFile=-/home/asha/.local/state/ratchet/accounts/mine/service.env
ExecStartPre=-/bin/sh -c 'for i in $$(seq 60); do [ "$$(timedatectl show -p NTPSynchronized --value)" = yes ] && exit 0; sleep 1; done'
ExecStart="/usr/bin/node" "/home/asha/ratchet/infra/setup/ratchet.mjs" up --config "/home/asha/my.json"
TimeoutStartSec=90
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStopSec=150
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths="-/home/asha/ratchet" "-/home/asha/.local/state/ratchet"

[Install]
WantedBy=default.target
`;

test('a unit of a user, whole', () => {
  expect(unitText(terms)).toBe(usersUnit);
});

test('a unit of the machine waits for network and clock, and runs as its user', () => {
  const text = unitText({ ...terms, scope: 'system' });
  expect(text).toContain(
    '\nWants=network-online.target time-sync.target\nAfter=network-online.target time-sync.target\n',
  );
  expect(text).toContain('\nUser=asha\n');
  expect(text).toMatch(/\nWantedBy=multi-user\.target\n$/);
});

test('without a configuration it has the defaults; places of the shell are kept', () => {
  const text = unitText({ ...terms, configFile: null, environment: { RATCHET_HOME: '/var/r t' } });
  expect(text).toMatch(/\nExecStart=.* up\n/);
  expect(text).toContain('\nEnvironment="RATCHET_HOME=/var/r t"\n');
});

test.each(['"', '\\', '\n'])('a path with %j is refused in a sentence', (bad) => {
  expect(() => unitText({ ...terms, configFile: `/home/a${bad}b.json` })).toThrow(
    /^a path of the service must have no quote, backslash or line break, was "/,
  );
});

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

(hasAnalyze ? describe : describe.skip)('read by systemd-analyze verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet unit %h $HOME '));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What it finds wrong with the unit; every file named is real. */
  function complaints(scope: UnitTerms['scope'], node: string): string {
    const file = join(folder, unitName('mine'));
    const checkout = join(folder, 'check out');
    mkdirSync(join(checkout, 'infra'), { recursive: true });
    writeFileSync(
      file,
      unitText({
        ...terms,
        ...{ scope, node, checkout, user: 'root', configFile: join(folder, 'my 100% $x.json') },
        ...{ environment: { RATCHET_HOME: folder }, writable: [folder, '/none such'] },
        environmentFile: join(folder, 'service.env'),
      }),
    );
    const { stderr, stdout } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    return `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.includes('ratchet-mine'))
      .join('\n');
  }

  test.each(['user', 'system'] as const)('a %s unit of odd paths has no fault', (scope) => {
    const node = join(folder, 'no de 5%');
    writeFileSync(node, '#!/bin/sh\n');
    chmodSync(node, 0o755);
    expect(complaints(scope, node)).toBe('');
  });

  test('and it does look: a program that is not there is a fault', () => {
    expect(complaints('system', join(folder, 'absent 5%'))).toContain(
      'absent 5% is not executable',
    );
  });
});

test('the waiting for a clock is a command a shell takes', () => {
  const command = /^ExecStartPre=-\/bin\/sh -c '(.*)'$/m.exec(unitText(terms))?.[1] ?? '';
  const script = command
    .replaceAll('$$', '$')
    .replace('sleep 1', 'exit 7')
    .replace('timedatectl', 'false');
  expect(spawnSync('/bin/sh', ['-c', script]).status).toBe(7);
  const set = command.replaceAll('$$', '$').replace(/timedatectl [^)]*/, 'echo yes');
  expect(execFileSync('/bin/sh', ['-c', `${set} && false`], { encoding: 'utf8' })).toBe('');
});
