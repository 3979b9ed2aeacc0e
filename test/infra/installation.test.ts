// Goal: an installation keeps its id, and a copied folder gets one of its own.
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installationIn } from '../../infra/installation';

const folder = (): string => mkdtempSync(join(tmpdir(), 'ratchet-installation-'));

test('it is drawn once, three characters, in a private file', () => {
  const home = folder();
  const id = installationIn(home);
  expect(id).toMatch(/^[0-9A-Z]{3}$/);
  expect(id).not.toBe('000');
  expect(installationIn(home)).toBe(id);
  expect(statSync(join(home, 'installation.json')).mode & 0o077).toBe(0);
});

test('a folder from another machine is another installation; the new one is kept', () => {
  const home = folder();
  writeFileSync(join(home, 'installation.json'), JSON.stringify({ id: 'ABC', host: 'elsewhere' }));
  const id = installationIn(home, 'here');
  expect(JSON.parse(readFileSync(join(home, 'installation.json'), 'utf8'))).toEqual({
    id,
    host: 'here',
  });
  expect(installationIn(home, 'here')).toBe(id);
});
