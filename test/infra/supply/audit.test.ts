// Goal: `npm run audit:dependencies` tells three things apart: nothing known, something known, could not ask.
// Method: the real npm against a registry of our own that knows nothing, knows of a weakness, or has no such service.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { auditOutcome } from '../../../infra/supply/audit';
import { checkout } from '../../../infra/checkout';

const weakness = {
  id: 1,
  url: 'https://advisories.example/1',
  title: 'a weakness made up',
  severity: 'high',
  vulnerable_versions: '<99.0.0',
  cwe: [],
  cvss: { score: 0, vectorString: null },
};

let home: string;
let registry: Server | undefined;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'ratchet-audit-'))));
afterEach(async () => {
  await new Promise((resolve) =>
    registry === undefined ? resolve(undefined) : registry.close(resolve),
  );
  registry = undefined;
  rmSync(home, { recursive: true, force: true });
});

/** A registry that answers the question for weaknesses so, and has one version of every package. */
async function registryThat(answers: (response: ServerResponse) => void): Promise<string> {
  registry = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') return void request.on('end', () => answers(response));
    const name = decodeURIComponent((request.url ?? '/').slice(1));
    const versions = { '8.23.1': { name, version: '8.23.1' } };
    response.end(JSON.stringify({ name, 'dist-tags': { latest: '8.23.1' }, versions }));
  });
  await new Promise<void>((resolve) => registry?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
}

async function audit(address: string): Promise<{ code: number | null; said: string }> {
  const args = ['-r', './infra/sourceHook.cjs', 'infra/supply/main.ts', 'audit'];
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      npm_config_cache: join(home, 'cache'),
      npm_config_registry: address,
      npm_config_fetch_retries: '0',
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const said = await text(child.stdout);
  return { code: await ended, said };
}

test('a registry that knows of nothing: exit code 0', async () => {
  const address = await registryThat((response) => response.end('{}'));
  expect(await audit(address)).toEqual({
    code: 0,
    said: 'the registry knows of no weakness in what runs\n',
  });
});

test('a registry that knows of a weakness: its package by name, exit code 1', async () => {
  const address = await registryThat((response) =>
    response.end(JSON.stringify({ pg: [weakness] })),
  );
  const { code, said } = await audit(address);
  expect(code).toBe(1);
  expect(said).toMatch(/^pg .*: high$/m);
});

test('a registry without the service: why nothing is known, exit code 2', async () => {
  const address = await registryThat((response) => response.writeHead(405).end());
  const { code, said } = await audit(address);
  expect(code).toBe(2);
  expect(said).toMatch(
    /^the registry could not be asked, so nothing is known: 405 Method Not Allowed - POST /,
  );
});

test('no registry at all: the same', async () => {
  const address = await registryThat((response) => response.end('{}'));
  await new Promise((resolve) => registry?.close(resolve));
  registry = undefined;
  const { code, said } = await audit(address);
  expect(code).toBe(2);
  expect(said).toMatch(/^the registry could not be asked, so nothing is known: .*ECONNREFUSED/);
});

test('an answer that is none is not taken for a clean one', () => {
  for (const said of ['', '{}', '<html>', '[]', '{"vulnerabilities":[]}'])
    expect(auditOutcome(said)).toEqual({
      kind: 'not asked',
      why: 'npm gave no answer that can be read',
    });
});
