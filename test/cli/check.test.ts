// Goal: `ratchet check` finds each fault of a stand-in for what it is: the real command against the real exchange,
// started with the flag of the fault and without any call under /paper/. The other lines stay ✓.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fixedCredentials, openBroker } from '../../broker';
import type { ReadinessLine } from '../../domain/readiness';
import { intentIdOf } from '../../domain/position';
import { istInstant } from '../../domain/session/sessionClock';
import { paise, shares } from '../../domain/units';
import { checkout } from '../../infra/checkout';
import { startsOf } from '../../infra/supervisor/processIdentity';
import { writeSession } from '../../infra/brokerSession/sessionFile';

const hook = join(checkout, 'infra/sourceHook.cjs');
mkdirSync(join(checkout, '.ratchet'), { recursive: true });
/** On the checkout's own disk: other folders of temporary files may lie in memory, which is a fault of its own. */
const home = mkdtempSync(join(checkout, '.ratchet', 'check-'));
const faultsFile = join(home, 'faults.json');
writeFileSync(
  faultsFile,
  JSON.stringify([{ kind: 'server-error', status: 503, on: 'instruments' }]),
);

interface StandIn {
  readonly rest: string;
  readonly ticker: string;
  readonly apiKey: string;
  readonly accessToken: string;
}

const children: ChildProcess[] = [];
const scripted = JSON.stringify([
  { tradingsymbol: 'INFY', price: 1_500 },
  { tradingsymbol: 'TCS', price: 3_000 },
]);
const atTen = ['--date', '2026-11-20', '--start-at', '10:00', '--scripted', scripted];

/** Starts the exchange's own process. @param flags of the fault, if any. */
function standIn(flags: readonly string[]): Promise<StandIn> {
  const child = spawn(
    process.execPath,
    ['-r', hook, join(checkout, 'exchange/main.ts'), ...atTen, ...flags],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(JSON.parse(String(line)) as StandIn));
    child.once('exit', (code) =>
      reject(new Error(`the exchange ended with ${code ?? 'a signal'}`)),
    );
  });
}

const flagsOf = {
  none: ['--no-admin'],
  user: ['--no-admin', '--user', 'ZX9999'],
  segments: ['--no-admin', '--segments', 'BSE,NFO'],
  products: ['--no-admin', '--products', 'CNC'],
  consent: ['--no-admin', '--demat-consent', 'none'],
  physical: ['--no-admin', '--demat-consent', 'physical'],
  cash: ['--no-admin', '--cash', '0'],
  ahead: ['--no-admin', '--date-skew-seconds', '30'],
  behind: ['--no-admin', '--date-skew-seconds', '-30'],
  lists: ['--no-admin', '--faults', faultsFile],
  long: ['--no-admin', '--listing-rows', '90000'],
  address: ['--no-admin', '--allowed-ips', '203.0.113.7'],
  // Paper asks the exchange for its clock, under /paper/.
  paper: [],
  refused: ['--allowed-ips', '203.0.113.7'],
} as const;
type Place = keyof typeof flagsOf;

const places = new Map<Place, StandIn>();
let echo: Server;
let echoUrl = '';

beforeAll(async () => {
  echo = createServer((_, response) => response.end('198.51.100.1\n'));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  echoUrl = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/`;
  for (const [place, flags] of Object.entries(flagsOf))
    places.set(place as Place, await standIn(flags));
}, 300_000);

afterAll(() => {
  for (const child of children) child.kill('SIGTERM');
  echo.close();
  rmSync(home, { recursive: true });
});

const placeOf = (name: Place): StandIn => {
  const place = places.get(name);
  if (place === undefined) throw new Error(`${name} is not up`);
  return place;
};

interface Checked {
  readonly code: number;
  readonly lines: readonly ReadinessLine[];
  readonly stderr: string;
}

interface Setting {
  readonly config?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly flags?: readonly string[];
}

const thisYear = new Date().getFullYear();

/** Runs the command as a user would, on an account with the stand-in's session. */
function check(
  name: Place,
  { config = {}, env = {}, token, flags = [] }: Setting = {},
): Promise<Checked> {
  const { rest, apiKey, accessToken } = placeOf(name);
  const file = join(home, 'config.json');
  const calendar = { years: [thisYear, thisYear + 1] };
  const strategies = { use: ['trend'] };
  const named = { account: 'mine', mode: 'live', kiteUser: 'PX0001', strategies };
  const account = { ...named, brokerUrl: rest, calendar };
  writeFileSync(file, JSON.stringify({ ...account, ...config }));
  writeSession(join(home, 'accounts', 'mine', 'session.json'), {
    userId: 'PX0001',
    apiKey,
    accessToken: token ?? accessToken,
    loggedInAt: 1,
  });
  return run(['--config', file, ...flags], env);
}

function run(
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Checked> {
  const command = ['-r', hook, join(checkout, 'cli/main.ts'), 'check', '--json', ...flags];
  const ours = { RATCHET_HOME: home, DATABASE_URL: undefined, ...env };
  return new Promise((resolve, reject) =>
    execFile(
      process.execPath,
      command,
      { env: { ...process.env, ...ours } },
      (error, stdout, stderr) => {
        if (stdout === '') reject(new Error(stderr));
        else
          resolve({
            code: Number(error?.code ?? 0),
            lines: JSON.parse(stdout) as readonly ReadinessLine[],
            stderr,
          });
      },
    ),
  );
}

const failing = ({ lines }: Checked): readonly string[] =>
  lines.filter(({ ok }) => !ok).map(({ id }) => id);
const found = ({ lines }: Checked, id: string): string =>
  lines.find((line) => line.id === id)?.found ?? '';

test('a stand-in without a fault: every line is ✓, and 90,000 rows are read', async () => {
  const ready = await check('none');
  expect([failing(ready), ready.code]).toEqual([[], 0]);
  const long = await check('long');
  expect([failing(long), long.code]).toEqual([[], 0]);
  expect(found(long, 'lists')).toBe('9002 stocks, 2 with futures');
  // A consent on paper is one.
  expect(failing(await check('physical', { config: { longProduct: 'CNC' } }))).toEqual([]);
});

test.each<[Place, string, RegExp, Setting]>([
  ['user', 'user', /the session is of ZX9999, but kiteUser is PX0001/, {}],
  ['segments', 'segments', /NSE not enabled/, {}],
  ['products', 'products', /MIS not enabled/, {}],
  ['consent', 'consent', /not given/, { config: { longProduct: 'CNC' } }],
  ['ahead', 'clock', /^at least (29|30)\.\d s behind/, {}],
  ['behind', 'clock', /^at least (29|30)\.\d s ahead/, {}],
  ['lists', 'lists', /the list of stocks could not be read/, {}],
  ['none', 'lists', /NOSUCH not listed/, { config: { universe: ['INFY', 'NOSUCH'] } }],
])('%s: %s is ✗ and blocks', async (place, id, words, setting) => {
  const checked = await check(place, setting);
  expect([failing(checked), checked.code]).toEqual([[id], 1]);
  expect(found(checked, id)).toMatch(words);
});

test.each<[Place, string, RegExp, Setting]>([
  ['cash', 'cash', /₹0\.00/, {}],
  [
    'none',
    'receivers',
    /leads to 127\.0\.0\.1/,
    {
      config: { webhooks: [{ url: 'https://127.0.0.1/alerts' }] },
      env: { RATCHET_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(24).toString('base64')}` },
    },
  ],
  ['none', 'address', /cannot be known/, { config: { staticAddress: '203.0.113.7' } }],
])('%s: %s is ✗ and blocks nothing', async (place, id, words, setting) => {
  const checked = await check(place, setting);
  expect([failing(checked), checked.code]).toEqual([[id], 0]);
  expect(found(checked, id)).toMatch(words);
});

test('an address that a page outside sees is compared with staticAddress', async () => {
  const config = { staticAddress: '203.0.113.7', addressEcho: echoUrl };
  const other = await check('none', { config });
  expect([failing(other), other.code]).toEqual([['address'], 1]);
  expect(found(other, 'address')).toContain('198.51.100.1');
  const same = await check('none', { config: { ...config, staticAddress: '198.51.100.1' } });
  expect(failing(same)).toEqual([]);
});

test('a dead session: its line says what to do, and what hangs on it is not known', async () => {
  const dead = await check('none', { token: 'old' });
  const needSession = ['user', 'segments', 'products', 'cash', 'lists', 'installation'];
  expect([failing(dead), dead.code]).toEqual([['session', ...needSession], 1]);
  expect(found(dead, 'session')).toMatch(/TokenException/);
  const { remedy } = dead.lines[0] ?? {};
  expect(remedy).toMatch(/run `ratchet login`; the page is http/);
});

test('a database that does not answer: it is ✗, and so is what only it knows', async () => {
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };
  const down = await check('none', { env });
  expect([failing(down), down.code]).toEqual([['stores', 'installation'], 1]);
  expect(found(down, 'stores')).toMatch(/the database cannot be written: .*ECONNREFUSED/);
});

test('an order of our form before we have ever been up is of a second installation', async () => {
  const { rest, ...keys } = placeOf('none');
  const placed = await openBroker(fixedCredentials(keys), { rest }).place({
    tag: intentIdOf('2026-11-20', 408_065, istInstant('2026-11-20', '10:00'), 'BBB'),
    tradingsymbol: 'INFY',
    side: 'BUY',
    product: 'MIS',
    quantity: shares(1),
    pricing: { kind: 'LIMIT', price: paise(140_000) },
  });
  expect(placed.kind).toBe('accepted');
  const checked = await check('none');
  expect([failing(checked), checked.code]).toEqual([['installation'], 1]);
  expect(found(checked, 'installation')).toMatch(/hold order \d+ of installation BBB$/);
});

test('outside market hours of the host no probe leaves a live account', async () => {
  // A calendar in which the exchange never opens today makes every hour one.
  const today = new Date(Date.now() + 19_800_000).toISOString().slice(0, 10);
  const calendar = { years: [thisYear, thisYear + 1], holidays: [today] };
  const checked = await check('address', { config: { calendar }, flags: ['--probe-order'] });
  expect([failing(checked), checked.code]).toEqual([['probe'], 1]);
  expect(found(checked, 'probe')).toMatch(/no order was sent: .* is not a trading day/);
});

describe('the probe order, sent on paper, whose clock is in market hours', () => {
  /** Runs the command beside a paper system: the file of one that this process stands for. */
  async function probed(name: Place): Promise<Checked> {
    const { rest, ticker, apiKey, accessToken } = placeOf(name);
    const environment = {
      RATCHET_MODE: 'paper',
      RATCHET_KITE_ROOT: rest,
      RATCHET_KITE_TICKER: ticker,
      RATCHET_KITE_API_KEY: apiKey,
      RATCHET_KITE_ACCESS_TOKEN: accessToken,
    };
    const supervisor = process.pid;
    const starts = startsOf([supervisor]);
    const running = { supervisor, starts, account: 'paper', mode: 'paper', environment };
    const file = join(home, 'running.json');
    writeFileSync(file, JSON.stringify(running));
    const checked = await run(['--probe-order']);
    rmSync(file);
    return checked;
  }

  test('rests, is cancelled, and proves the address', async () => {
    const checked = await probed('paper');
    expect([failing(checked), checked.code]).toEqual([[], 0]);
    expect(checked.stderr).toMatch(/^order \d+: 1 (INFY|TCS), tag CHECK\w+; cancelling it\n$/);
    const { rest, ...keys } = placeOf('paper');
    const { orders, netQuantities } = await openBroker(fixedCredentials(keys), { rest }).books();
    expect(orders).toMatchObject([{ status: 'CANCELLED', quantity: 1, filledQuantity: 0 }]);
    expect(found(checked, 'probe')).toContain(orders[0]?.orderId ?? 'no order');
    expect(netQuantities.size).toBe(0);
  });

  test('refused for the address: the line of the address is ✗ too, in the broker’s words', async () => {
    const checked = await probed('refused');
    expect([failing(checked), checked.code]).toEqual([['address', 'probe'], 1]);
    expect(found(checked, 'address')).toMatch(/IP \(127\.0\.0\.1\) is not allowed/);
  });
});
