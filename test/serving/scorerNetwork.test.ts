// Goal: a scorer can connect to nothing where the system allows that, and the server says whether it does.
// Method: a process started as scorers are tries to reach a listener of this machine; a real scorer's namespace is
// compared with ours; and a server that finds no means to cut scorers off serves all the same, and says so.
import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkout } from '../../infra/checkout';
import { startModelServer } from '../../serving/index';
import { scorerNetwork, withoutNetwork } from '../../serving/scorer/network';
import { call, features, scores } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const allowed = scorerNetwork() === 'none';
const whereAllowed = allowed ? test : test.skip;
const why = allowed ? '' : ' (skipped: this system makes no network namespace for us)';

const folder = new ModelFolder();
beforeAll(() => folder.add('steady', '1', logisticModel([1, 2], 0), logisticConfig(2)));
afterAll(() => folder.remove());

/** What a program gets that connects to a port of this machine. */
function connecting(port: number, before: readonly string[]): string {
  const script = `require('node:net').connect(${port}, '127.0.0.1')
    .on('connect', () => { console.log('connected'); process.exit(0); })
    .on('error', ({ code }) => console.log(code));`;
  const args = ['-c', 'exec "$@"', 'scorer', ...before, process.execPath, '--eval', script];
  return spawnSync('/bin/sh', args, { encoding: 'utf8' }).stdout.trim();
}

whereAllowed(`what starts as a scorer reaches no listener of this machine${why}`, async () => {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  expect(connecting(port, [])).toBe('connected');
  expect(connecting(port, withoutNetwork())).toBe('ENETUNREACH');
  await new Promise((resolve) => listener.close(resolve));
});

whereAllowed(`a scorer is the process that is in a network of its own${why}`, async () => {
  const server = await startModelServer({ ...folder.served });
  try {
    const [pid] = server.registry.route('steady').scorerPids;
    expect(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0')[0]).toBe(
      process.execPath,
    );
    const inside = readlinkSync(`/proc/${String(pid)}/ns/net`);
    expect(inside).not.toBe(readlinkSync('/proc/self/ns/net'));
    const answer = await call(`${server.url}/v2/models/steady/infer`, 'POST', features([0, 0]));
    expect(scores(answer)).toEqual([0.5]);
    expect((await call(`${server.url}/v2/status`, 'GET')).body).toMatchObject({
      scorerNetwork: 'none',
    });
    expect((await call(`${server.url}/metrics`, 'GET')).body).toContain(
      '\nratchet_scorer_network 0\n',
    );
  } finally {
    await server.close();
  }
});

test('where nothing can cut scorers off, they serve as before, and status, page and metric say so', () => {
  const script = `
    const { startModelServer } = require(${JSON.stringify(join(checkout, 'serving/index.ts'))});
    startModelServer(${JSON.stringify(folder.served)}).then(async (server) => {
      const texts = ['/v2/status', '/status', '/metrics', '/v2/models/steady/ready'].map(
        async (path) => (await fetch(server.url + path)).text());
      process.stdout.write(JSON.stringify([...await Promise.all(texts), server.registry.allReady]));
      await server.close();
    });`;
  const hook = ['--require', join(checkout, 'infra/sourceHook.cjs')];
  const env = { PATH: folder.path, TMPDIR: process.env['TMPDIR'] };
  const { stdout } = spawnSync(process.execPath, [...hook, '--eval', script], {
    encoding: 'utf8',
    env,
  });
  const [status, page, metrics, , ready] = JSON.parse(stdout) as unknown[];
  expect(status).toContain('"scorerNetwork":"open"');
  expect(page).toContain('Scorers can reach the network');
  expect(metrics).toContain('\nratchet_scorer_network 1\n');
  expect(ready).toBe(true);
});
