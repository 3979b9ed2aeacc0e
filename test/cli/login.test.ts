// Goal: `ratchet login` opens the account's session by the stand-in's own login page, and every failure is one
// sentence that keeps the old session.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../infra/checkout';
import { readSession } from '../../infra/brokerSession/sessionFile';
import { requestToken, startBench, type Bench } from '../exchange/support';

const credentials = { apiKey: 'key', apiSecret: 'secret', accessToken: 'old' };
const home = mkdtempSync(join(tmpdir(), 'ratchet-login-'));
const sessionFile = join(home, 'accounts', 'mine', 'session.json');

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ credentials });
});
afterAll(() => bench.paper.close());

function config(change: object = {}): string {
  const file = join(home, 'config.json');
  const { rest } = bench.paper;
  const urls = { brokerUrl: rest, loginUrl: `${rest}/connect/login` };
  const written = { account: 'mine', mode: 'live', kiteUser: 'PX0001', ...urls, ...change };
  writeFileSync(file, JSON.stringify(written));
  return file;
}

/** Runs the command, gives it a line, and waits for its end. */
function login(
  line: string,
  change: object = {},
  secret = credentials.apiSecret,
  how: '--paste' | '--run' = '--paste',
): Promise<Ended> {
  const hook = join(checkout, 'infra/sourceHook.cjs');
  const command = ['-r', hook, join(checkout, 'cli/main.ts'), 'login', how];
  const child = spawn(process.execPath, [...command, '--config', config(change)], {
    env: {
      ...process.env,
      RATCHET_HOME: home,
      RATCHET_KITE_API_KEY: credentials.apiKey,
      RATCHET_KITE_API_SECRET: secret,
    },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(`${line}\n`);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}

const lastLine = ({ stderr }: Ended): string => stderr.trim().split('\n').at(-1) ?? '';
const address = (token: string): string =>
  `http://127.0.0.1/?action=login&status=success&request_token=${token}`;

test('the address the page leads to opens a session, in a file of its owner alone', async () => {
  const ended = await login(address(await requestToken(bench.paper)));
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stderr).toContain('/connect/login?v=3&api_key=key');
  expect(readSession(sessionFile)).toMatchObject({ userId: 'PX0001', apiKey: 'key' });
  expect(statSync(sessionFile).mode & 0o777).toBe(0o600);
});

test.each([
  [
    'a used token',
    () => Promise.resolve(address('0123456789abcdef0123456789abcdef')),
    {},
    /TokenException: Token is invalid or has expired/,
  ],
  [
    'no address of a login',
    () => Promise.resolve('https://example.com/'),
    {},
    /must hold request_token/,
  ],
  [
    'a login that was given up',
    () => Promise.resolve('http://127.0.0.1/?status=cancelled'),
    {},
    /ended as "cancelled"/,
  ],
  [
    'another user',
    async () => address(await requestToken(bench.paper)),
    { kiteUser: 'ZX9999' },
    /is of user PX0001, but kiteUser is ZX9999; the session before it is kept/,
  ],
  [
    'live without a user',
    () => Promise.resolve(''),
    { kiteUser: undefined },
    /kiteUser must name the user/,
  ],
  ['an unknown mode', () => Promise.resolve(''), { mode: 'lve' }, /mode .*"lve"/],
])('%s: one sentence, and the old session stays', async (_, line, change, sentence) => {
  const before = readFileSync(sessionFile, 'utf8');
  const ended = await login(await line(), change);
  expect(ended.code).toBe(1);
  expect(lastLine(ended)).toMatch(sentence);
  expect(readFileSync(sessionFile, 'utf8')).toBe(before);
});

test('a wrong secret is refused in the broker’s words', async () => {
  const ended = await login(address(await requestToken(bench.paper)), {}, 'wrong');
  expect([ended.code, lastLine(ended)]).toEqual([1, expect.stringContaining('Invalid `checksum`')]);
});

test('a command of one’s own logs in, and is told no secret; one that fails keeps the old session', async () => {
  const run = (program: string): Promise<Ended> =>
    login('', { loginCommand: [process.execPath, '-e', program] }, undefined, '--run');
  const page = await requestToken(bench.paper);
  const good = `if (process.env.RATCHET_KITE_API_SECRET || !process.argv[1].includes('/connect/login')) process.exit(9); console.log('${address(page)}')`;
  expect(await run(good)).toMatchObject({ code: 0 });
  const before = readFileSync(sessionFile, 'utf8');
  for (const [program, sentence] of [
    ['process.exit(3)', /loginCommand ".*" ended with 3$/],
    ["console.log('no address')", /must hold request_token/],
  ] as const) {
    const ended = await run(program);
    expect([ended.code, lastLine(ended)]).toEqual([1, expect.stringMatching(sentence)]);
  }
  expect(lastLine(await login('', {}, undefined, '--run'))).toContain('--run needs loginCommand');
  expect(readFileSync(sessionFile, 'utf8')).toBe(before);
});

test('a session file that others can read, or that is none, is refused by name', () => {
  chmodSync(sessionFile, 0o644);
  expect(() => readSession(sessionFile)).toThrow(/must be readable by its owner only/);
  chmodSync(sessionFile, 0o600);
  writeFileSync(sessionFile, '{"userId":"PX0001"}');
  expect(() => readSession(sessionFile)).toThrow(/cannot be read as one/);
});
