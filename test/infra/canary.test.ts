// Goal: no secret is in what processes say, write down or store, whatever happens to them. Method: a canary in every
// secret there is; real entry points that start, crash and fail to log in, a day's records and an alert that no receiver
// takes; then a search in every output, the database's dump, the report and the files.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createAlertRecordActivities, createAlertActivities } from '../../activities/alerts';
import { alertChannels } from '../../activities/alerts/channels';
import { checkout } from '../../infra/checkout';
import { environmentVariables } from '../../infra/environment/variables';
import { keptSecret, readSecret, redacted } from '../../infra/secrets';
import { date, startBench, type Bench } from '../exchange/support';
import { hasPostgres, useDatabase, type TestDatabase } from '../support/database';
import { filesUnder } from '../support/ratchet';

const canary = 'canary4c0ffee5';
const canaries: Readonly<Record<string, string>> = {
  RATCHET_WEBHOOK_SECRETS: `whsec_${Buffer.from(`${canary}-and-enough-bytes-for-it`).toString('base64')}`,
  RATCHET_TELEGRAM_TOKEN: `123456:${canary}_as_long_as_a_token_is`,
  RATCHET_X_BEARER_TOKEN: `${canary}-bearer`,
  RATCHET_KITE_API_KEY: `${canary}key`,
  RATCHET_KITE_API_SECRET: `${canary}apisecret`,
  RATCHET_KITE_ACCESS_TOKEN: `${canary}access`,
  RATCHET_SERVING_ADMIN_TOKEN: `${canary}-admin-token-that-is-long-enough`,
  RATCHET_SERVING_SCORE_TOKEN: `${canary}-score-token-that-is-long-enough`,
  RATCHET_SERVING_OUTCOME_TOKEN: `${canary}-outcome-token-that-is-long-enough`,
};
/** The key names the application on the login page's address, which is printed. */
const isSearched = ([name]: readonly [string, string]): boolean => name !== 'RATCHET_KITE_API_KEY';

/** Every form in which a canary could stand. */
const forms = Object.entries(canaries)
  .filter(isSearched)
  .flatMap(([, value]) => [
    value,
    Buffer.from(value).toString('base64'),
    encodeURIComponent(value),
  ]);
const leaks = (text: string): readonly string[] => forms.filter((form) => text.includes(form));

test('every secret there is has a canary', () => {
  const secrets = Object.entries(environmentVariables).filter(
    ([, variable]) => 'secret' in variable,
  );
  expect(secrets.map(([name]) => name).sort()).toEqual(Object.keys(canaries).sort());
});

(hasPostgres ? describe : describe.skip)('no canary is', () => {
  const home = mkdtempSync(join(tmpdir(), 'ratchet-canary-'));
  const config = join(home, 'config.json');
  const said: string[] = [];
  let pool: Pool;
  let database: TestDatabase;
  let bench: Bench;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });
  beforeAll(async () => {
    bench = await startBench({
      credentials: { apiKey: `${canary}key`, apiSecret: 'another', accessToken: `${canary}access` },
    });
  });
  afterAll(async () => {
    await bench.paper.close();
    rmSync(home, { recursive: true });
  });

  function run(
    script: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    typed = '',
  ): Promise<number | null> {
    const child = spawn(
      process.execPath,
      ['-r', join(checkout, 'infra/sourceHook.cjs'), join(checkout, script), ...args],
      { env: { ...process.env, ...canaries, RATCHET_HOME: home, RATCHET_CONFIG: config, ...env } },
    );
    child.stdin.end(typed);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    return new Promise((resolve) => child.once('close', resolve));
  }

  test('in what a worker and a gateway say that cannot start', async () => {
    writeFileSync(
      config,
      JSON.stringify({ account: 'paper', webhooks: [{ url: 'https://example.com/' }] }),
    );
    const env = {
      ...{ RATCHET_MODE: 'paper', RATCHET_INSTALLATION: 'ABC', RATCHET_REPORTS: home },
      ...{ RATCHET_KITE_ROOT: bench.paper.rest, RATCHET_KITE_TICKER: bench.paper.ticker },
      ...{ RATCHET_MODEL_SERVER: 'http://127.0.0.1:9', DATABASE_URL: database.url },
      // Nobody answers there.
      TEMPORAL_ADDRESS: '127.0.0.1:9',
    };
    expect(await run('workers/trading.ts', [], env)).toBe(1);
    expect(await run('workers/gateway.ts', [], env)).toBe(1);
    const wrongDatabase = { ...env, DATABASE_URL: `postgres://w:${canary}access@127.0.0.1:9/none` };
    expect(await run('workers/trading.ts', [], wrongDatabase)).toBe(1);
    expect(said.join('').length).toBeGreaterThan(0);
    expect(leaks(said.join(''))).toEqual([]);
  });

  test('in what a login says that the broker refuses', async () => {
    const { rest } = bench.paper;
    const live = {
      mode: 'live',
      kiteUser: 'ZX1234',
      brokerUrl: rest,
      loginUrl: `${rest}/connect/login`,
    };
    writeFileSync(config, JSON.stringify({ account: 'mine', ...live }));
    const typed = `${rest}/?status=success&request_token=abcdef123456\n`;
    said.length = 0;
    expect(await run('cli/main.ts', ['login', '--paste', '--config', config], {}, typed)).toBe(1);
    expect(said.join('')).toMatch(/log in here[\s\S]*ratchet: /);
    expect(leaks(said.join(''))).toEqual([]);
  });

  test('in a crash that prints everything it holds', async () => {
    const crashing = join(home, 'crash.ts');
    writeFileSync(
      crashing,
      `import { guardOutput, readSecret } from '${join(checkout, 'infra/secrets')}';
       guardOutput([process.stdout, process.stderr]);
       const token = readSecret('RATCHET_X_BEARER_TOKEN');
       console.log('held', { token, inText: token?.reveal() });
       setTimeout(() => { throw Object.assign(new Error('with ' + (token?.reveal() ?? '')), { token }); }, 1);
       void Promise.resolve();`,
    );
    said.length = 0;
    const child = spawn(
      process.execPath,
      ['-r', join(checkout, 'infra/sourceHook.cjs'), crashing],
      { env: { ...process.env, ...canaries } },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
    expect(said.join('')).toMatch(/held[\s\S]*\[secret\][\s\S]*Error: with \[secret\]/);
    expect(leaks(said.join(''))).toEqual([]);
  });

  test('in an alert that no receiver takes, in the database, or in a file', async () => {
    const bodies: string[] = [];
    const receiver = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.writeHead(500).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    Object.assign(process.env, canaries);
    const channels = alertChannels({
      config: {
        webhooks: [{ url: `http://127.0.0.1:${port}/`, lan: false }],
        telegram: { chatId: 1, except: [], apiRoot: `http://127.0.0.1:${port}` },
      },
      secret: readSecret,
      mode: 'paper',
      loopbackDevelopment: true,
    });
    for (const name of Object.keys(canaries)) Reflect.deleteProperty(process.env, name);
    const alert = {
      ...{ id: 'day-1', account: 'paper', type: 'day.started' as const },
      ...{ timestamp: new Date().toISOString(), body: { date } },
    };
    await createAlertRecordActivities(pool, channels).recordAlert(alert);
    const failures: string[] = [];
    for (const { name } of channels)
      await createAlertActivities(pool, channels)
        .sendAlert(alert, name)
        .catch((error: unknown) => failures.push(JSON.stringify(error) + String(error)));
    receiver.closeAllConnections();
    receiver.close();
    expect(failures).toHaveLength(2);
    expect(bodies).not.toEqual([]);
    const dump: string[] = [];
    const { rows } = await pool.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    );
    for (const { name } of rows)
      dump.push(JSON.stringify((await pool.query(`select * from ${name}`)).rows));
    expect(dump.join('')).toContain('day-1');
    const files = filesUnder(home).map((file) => readFileSync(file, 'utf8'));
    expect(leaks([...failures, ...bodies, ...dump, ...files].join('\n'))).toEqual([]);
  });
});

test('a loaded secret is taken out of a text, and a short word is left in', () => {
  keptSecret('first-of-two second-of-two');
  keptSecret('short');
  expect(redacted('a first-of-two and a second-of-two, in short')).toBe(
    'a [secret] and a [secret], in short',
  );
});
