// Goal: `ratchet service` writes a unit and has systemd take it up; where systemd does not answer it says what is
// left to type; removing undoes all. Method: the real command with a systemctl of ours on its PATH.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../infra/checkout';
import { sourceRatchet, type CommandResult } from '../support/ratchet';

let home: string;
let config: string;
const account = 'mine';
const unit = (): string => join(home, 'config', 'systemd', 'user', `ratchet-${account}.service`);
const calls = (): string => join(home, 'calls');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ratchet service '));
  mkdirSync(join(home, 'bin'));
  config = join(home, 'my config.json');
  writeFileSync(config, JSON.stringify({ account }));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A systemctl that writes down what it was asked and answers this. */
function systemctl(script: string): void {
  const file = join(home, 'bin', 'systemctl');
  writeFileSync(file, `#!/bin/sh\necho "$@" >> "${calls()}"\n${script}\n`);
  chmodSync(file, 0o755);
}

function service(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const env = {
    ...{ HOME: home, XDG_CONFIG_HOME: join(home, 'config'), RATCHET_HOME: join(home, 'state') },
    ...{ PATH: join(home, 'bin') },
    ...more,
  };
  return sourceRatchet(['service', ...args], env);
}

const user = userInfo().username;

test('installs: the unit is written without a secret, and enabled', async () => {
  systemctl('exit 0');
  const secrets = { RATCHET_TELEGRAM_TOKEN: '12:secret', RATCHET_WEBHOOK_SECRETS_FILE: '/s/hooks' };
  const { code, stdout } = await service(['install', '--config', config], secrets);
  expect(code).toBe(0);
  const text = readFileSync(unit(), 'utf8');
  expect(text).toContain(`ExecStart="${process.execPath}" "${checkout}/infra/setup/ratchet.mjs"`);
  expect(text).toContain(` up --config "${config}"\n`);
  expect(text).toContain(`Environment="RATCHET_HOME=${join(home, 'state')}"`);
  expect(text).toContain('Environment="RATCHET_WEBHOOK_SECRETS_FILE=/s/hooks"');
  expect(text).not.toContain('12:secret');
  expect(statSync(unit()).mode & 0o777).toBe(0o644);
  expect(readFileSync(calls(), 'utf8')).toBe(
    `--user daemon-reload\n--user enable ratchet-${account}.service\n`,
  );
  expect(stdout).toContain('enabled: it starts at boot');
  expect(stdout).toContain(
    `this shell sets RATCHET_TELEGRAM_TOKEN; the unit does not: write them into ${join(home, 'state', 'accounts', account, 'service.env')}`,
  );
  expect(stdout).toContain(`  loginctl enable-linger ${user}\n`);
  expect(stdout).toContain(`  systemctl --user start ratchet-${account}.service\n`);
});

test.each([
  ['is not here', () => undefined, 'systemctl is not here'],
  [
    'has nobody to ask',
    () => systemctl('echo "Failed to connect to bus: No medium found" >&2; exit 1'),
    'systemctl has no systemd to ask: Failed to connect to bus: No medium found',
  ],
])('where systemctl %s, the commands that are left are printed', async (_, prepare, why) => {
  prepare();
  const installed = await service(['install', '--config', config]);
  expect(installed).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(unit())).toBe(true);
  expect(installed.stdout).toContain(`not enabled: ${why}\n`);
  expect(installed.stdout).toContain(
    `  systemctl --user daemon-reload\n  systemctl --user enable ratchet-${account}.service\n`,
  );
  const { stdout } = await service(['status', '--config', config]);
  expect(stdout).toBe(`unit: ${unit()}\nenabled: ${why}\nactive: ${why}\n`);
  const removed = await service(['remove', '--account', account]);
  expect(removed.stdout).toContain(`  systemctl --user disable --now ratchet-${account}.service\n`);
  expect(existsSync(unit())).toBe(false);
});

test('status says what systemd says; removing stops, disables and forgets', async () => {
  systemctl('case "$2" in is-enabled) echo enabled;; is-active) echo inactive; exit 3;; esac');
  await service(['install', '--config', config]);
  const { stdout } = await service(['status', '--config', config, '--json']);
  expect(JSON.parse(stdout)).toEqual({ file: unit(), enabled: 'enabled', active: 'inactive' });
  rmSync(calls());
  expect(await service(['remove', '--config', config])).toEqual({
    ...{ code: 0, stderr: '', stdout: `removed: ${unit()}\n` },
  });
  expect(readFileSync(calls(), 'utf8')).toBe(
    `--user disable --now ratchet-${account}.service\n--user daemon-reload\n`,
  );
  expect(await service(['remove', '--config', config])).toMatchObject({
    code: 1,
    stderr: `ratchet: there is no unit ${unit()}\n`,
  });
});

test('another account than the configured one is refused, as is live trading nobody has agreed to', async () => {
  const other = await service(['install', '--config', config, '--account', 'other']);
  expect(other).toMatchObject({
    code: 1,
    stderr: `ratchet: --account is "other", but the configuration's account is "${account}"\n`,
  });
  writeFileSync(config, JSON.stringify({ account, mode: 'live', kiteUser: 'ZX1234' }));
  const live = await service(['install', '--config', config]);
  expect(live.code).toBe(1);
  expect(live.stderr).toContain('run `ratchet live enable` with this configuration');
  expect(existsSync(unit())).toBe(false);
});
