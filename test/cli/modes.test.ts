// Goal: a command that does not fit the configuration's mode or account ends with one sentence before anything has
// started.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceRatchet } from '../support/ratchet';

const home = mkdtempSync(join(tmpdir(), 'ratchet-modes-'));
const shadow = { account: 'mine', mode: 'shadow', kiteUser: 'ZX1234' };

/** What the command says last with this configuration. */
async function said(command: readonly string[], config: object): Promise<string> {
  const file = join(home, `${command.join('')}.json`);
  writeFileSync(file, JSON.stringify(config));
  const env = { ...process.env, RATCHET_HOME: home };
  const { code, stderr } = await sourceRatchet([...command, '--config', file], env);
  return code === 1 ? stderr.trim() : `ended with ${code}`;
}

test.each([
  [
    ['up', '--account', 'yours'],
    shadow,
    '--account is yours, but the configuration is of the shadow account mine; name its file with --config',
  ],
  [
    ['up', '--cash', '5000'],
    { ...shadow, mode: 'live' },
    '--cash is for a paper or shadow account: a live one has its own',
  ],
  [
    ['up'],
    { account: 'mine', mode: 'shadow' },
    'kiteUser must name the user whose account it is, because mode is "shadow"; it is not set',
  ],
  [
    ['run'],
    shadow,
    '`ratchet run` trades on paper, but mode is "shadow" in the configuration; use `ratchet up`',
  ],
  [['live', 'enable'], shadow, 'mode must be "live" in the configuration (--config), was "shadow"'],
])('%j', async (command, config, sentence) => {
  expect(await said(command, config)).toContain(sentence);
});
