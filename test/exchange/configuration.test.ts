// What is chosen by configuration: addresses that may trade, readings of Kite where sources disagree,
// faults from a file at market instants, tokens; and the command that starts it all.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nseRateCards, type RateCard } from '../../domain/charges';
import { paise } from '../../domain/units';
import { rateCardsIn } from '../../exchange/flagValues';
import { parseScript } from '../../exchange/admin/script';
import { infyOrder, listen, requestToken, startBench, until } from './support';

const folder = mkdtempSync(join(tmpdir(), 'exchange-'));

function calendarFile(name: string, list: object): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(list));
  return file;
}
const closed = calendarFile('closed.json', { holidays: ['2026-11-20'] });
const unlisted = calendarFile('unlisted.json', { holidays: ['2027-01-26'] });

describe('paper exchange: addresses that may send orders', () => {
  test.each([
    [['10.0.0.1'], /^IP \(127\.0\.0\.1\) is not allowed to place orders for this app\. Update/],
    [[], /^No IPs configured for this app\./],
  ])('with %j orders are refused, everything else is served', async (allowed, message) => {
    const bench = await startBench({ allowedAddresses: allowed });
    const refusal = {
      error_type: 'PermissionException',
      message: expect.stringMatching(message) as string,
    };
    await expect(bench.place({ price: 9 })).rejects.toMatchObject(refusal);
    await expect(bench.kite.modifyOrder('regular', '1', {})).rejects.toMatchObject(refusal);
    await expect(bench.kite.cancelOrder('regular', '1')).rejects.toMatchObject(refusal);
    expect(await bench.kite.getOrders()).toEqual([]);
    await bench.paper.close();
  });

  test('a registered address trades, and the ip-refused fault strikes order writes only', async () => {
    const bench = await startBench({ allowedAddresses: ['127.0.0.1'] });
    await bench.admin('POST', '/paper/faults', { kind: 'ip-refused', times: 1 });
    expect(await bench.kite.getOrders()).toEqual([]);
    await expect(bench.place({ price: 9 })).rejects.toMatchObject({
      error_type: 'PermissionException',
    });
    await bench.place({ price: 9 });
    await bench.paper.close();
  });
});

describe('paper exchange: readings of Kite', () => {
  test('OPEN is pushed when asked, and not before', async () => {
    const bench = await startBench();
    const listener = await listen(bench);
    await bench.place({ price: 9 });
    bench.play(1_000);
    await bench.admin('POST', '/paper/quirks', { openUpdates: true });
    const orderId = await bench.place({ price: 9.1 });
    bench.play(1_000);
    await until(() => listener.texts.length > 0);
    expect(listener.texts).toHaveLength(1);
    expect(listener.texts[0]?.['data']).toMatchObject({ order_id: orderId, status: 'OPEN' });
    listener.socket.terminate();
    await bench.paper.close();
  });

  test('autoslice answers with an array when asked', async () => {
    const bench = await startBench({
      quirks: { autosliceArray: true },
      openingCash: paise(10_000_000_000),
    });
    const { rest, apiKey, accessToken } = bench.paper;
    const order = infyOrder({ quantity: 250_000, price: 9, autoslice: 'True' });
    const response = await fetch(`${rest}/orders/regular`, {
      method: 'POST',
      headers: { authorization: `token ${apiKey}:${accessToken}` },
      body: new URLSearchParams(order as Record<string, string>),
    });
    const ids = (await bench.kite.getOrders()).map(({ order_id }) => ({ order_id }));
    expect(((await response.json()) as { data: unknown }).data).toEqual(ids);
    expect(ids).toHaveLength(3);
    await bench.paper.close();
  });
});

describe('paper exchange: tokens', () => {
  test('ending the refresh token leaves the session alive; a renewal ends the old access token', async () => {
    const credentials = { apiKey: 'key', apiSecret: 'secret', accessToken: 'old' };
    const bench = await startBench({ credentials });
    const { kite } = bench;
    const first = await kite.generateSession(await requestToken(bench.paper), 'secret');
    const renewed = await kite.renewAccessToken(first.refresh_token, 'secret');
    expect(renewed.access_token).not.toBe(first.access_token);
    kite.setAccessToken(renewed.access_token);
    await kite.invalidateRefreshToken(renewed.refresh_token);
    expect((await kite.getProfile()).user_id).toBe('PX0001');
    await expect(kite.renewAccessToken(renewed.refresh_token, 'secret')).rejects.toMatchObject({
      error_type: 'TokenException',
    });
    await kite.invalidateAccessToken();
    await expect(kite.getProfile()).rejects.toMatchObject({ error_type: 'TokenException' });
    await bench.paper.close();
  });
});

describe('paper exchange: faults from a file', () => {
  test('entries happen at their market instants, those without one at the start', async () => {
    const script = parseScript(
      JSON.stringify([
        { kind: 'server-error', on: 'trades', status: 503, times: 1 },
        { at: '09:31', kind: 'reject-order', times: 1, message: 'Blocked at 09:31' },
        { at: '09:32:30', call: 'POST /paper/circuit', tradingsymbol: 'INFY', side: 'upper' },
      ]),
    );
    const bench = await startBench({ script });
    await expect(bench.kite.getTrades()).rejects.toMatchObject({ status: 'error' });
    const first = await bench.place({ price: 9 });
    bench.play(60_000);
    const second = await bench.place({ price: 9 });
    bench.play(1_000);
    expect(await bench.row(first)).toMatchObject({ status: 'OPEN' });
    expect(await bench.row(second)).toMatchObject({ status_message: 'Blocked at 09:31' });
    bench.play(120_000);
    expect((await bench.kite.getLTP(['NSE:INFY']))['NSE:INFY']?.last_price).toBe(15);
    await bench.paper.close();
  });

  test.each([
    ['{', /must be a JSON list/],
    ['[1]', /entry 1 must be an object/],
    ['[{"at":"9h","kind":"slow"}]', /entry 1 must be an object with `at` like 10:00/],
    ['[{"kind":"slow"},{"kind":"gremlins"}]', /entry 2: kind must be one of .*was "gremlins"/],
    ['[{"call":"POST /nowhere"}]', /entry 1: call must be one of GET \/paper\/clock,/],
  ])('%s is refused in one sentence', (text, sentence) => {
    expect(() => parseScript(text)).toThrow(sentence);
  });
});

describe('paper exchange: rate cards', () => {
  const [newest] = nseRateCards.slice(-1);
  const file = join(folder, 'cards.json');
  const cards = (more: object): readonly RateCard[] => {
    writeFileSync(file, JSON.stringify([{ ...newest, ...more }]));
    return rateCardsIn(file);
  };

  test('orders are charged by the cards given, in books and contract note alike', async () => {
    const free = { brokerage: 0, brokerageCap: 0, sttOnBuy: 0, sttOnSell: 0, stampOnBuy: 0 };
    const rateCards = cards({ exchangeTurnover: 0, sebiTurnover: 1_000_000, gst: 0, MIS: free });
    const bench = await startBench({ rateCards });
    await bench.place({ price: 10.2 });
    bench.play(1_000);
    const price = bench.paper.exchange.account.fills[0]?.price ?? 0;
    const books = bench.paper.exchange.account.books();
    expect(books.charges).toBe(Math.round((price * 100) / 1_000));
    const order = { ...infyOrder({ order_id: '1', variety: 'regular', average_price: 10 }) };
    const [note] = await bench.kite.getvirtualContractNote([order] as never);
    expect(note?.charges).toMatchObject({ total: 1, sebi_turnover_charge: 1, brokerage: 0 });
    await bench.paper.close();
  });

  test.each([
    [{ gst: 1.5 }, /cards\.json": 0\.gst must be a whole number .*, was 1\.5/],
    [{ since: 'March' }, /0\.since must be a date like 2026-11-20, was "March"/],
    [{ MIS: { brokerage: -1 } }, /0\.MIS\.brokerage must be a whole number .*, was -1/],
    [{ ipft: 1 }, /0\.ipft is not a known key; allowed are since, /],
  ])('%j is refused in one sentence', (more, sentence) => {
    expect(() => cards(more)).toThrow(sentence);
  });
});

describe('ratchet exchange', () => {
  const root = resolve(__dirname, '../..');
  /** The exchange's own process, compiled on the fly. */
  const start = (...args: readonly string[]) =>
    spawn(
      process.execPath,
      ['-r', join(root, 'infra/sourceHook.cjs'), join(root, 'exchange/main.ts'), ...args],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );

  test('prints one JSON line, serves until a signal or two, and its journal tells both instants', async () => {
    const journal = join(folder, 'journal.jsonl');
    const stocks = '[{"tradingsymbol":"INFY","price":10}]';
    const holdings = '[{"tradingsymbol":"INFY","quantity":10,"averagePrice":8}]';
    const child = start(
      ...['--scripted', stocks, '--holdings', holdings, '--date', '2026-11-20', '--open-now'],
      ...['--speed', '50', '--journal', journal],
    );
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => said.includes('\n'));
    const line = JSON.parse(said) as Record<'rest' | 'ticker' | 'apiKey' | 'accessToken', string>;
    expect(Object.keys(line)).toEqual(['rest', 'ticker', 'apiKey', 'accessToken']);
    const headers = { authorization: `token ${line.apiKey}:${line.accessToken}` };
    const before = Date.now();
    const response = await fetch(`${line.rest}/orders/regular`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(infyOrder({ price: 10.3, quantity: 5 }) as Record<string, string>),
    });
    expect(response.status).toBe(200);
    const lines = () =>
      readFileSync(journal, 'utf8')
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => JSON.parse(text) as Record<string, unknown>);
    await until(() => lines().some(({ kind }) => kind === 'final'));
    expect(lines().map(({ kind }) => kind)).toEqual([
      ...['session', 'holding', 'clock', 'place', 'fill', 'final'],
    ]);
    for (const { at, marketAt, hostAt, kind } of lines().slice(3)) {
      const instant = String(at);
      expect([kind, Date.parse(`${instant.replace(' ', 'T')}+05:30`)]).toEqual([kind, marketAt]);
      expect(Number(hostAt)).toBeGreaterThanOrEqual(before);
      expect(Number(hostAt)).toBeLessThanOrEqual(Date.now());
    }
    const ended = new Promise((settle) => child.once('exit', settle));
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    [['--port', 'x'], /must be a whole number, was "x"/],
    [['--date', '2026-11-22'], /2026-11-22 is not a trading day/],
    [
      ['--holdings', '[{"tradingsymbol":"X"}]'],
      /^--holdings: 0\.quantity is missing and must be .* \(a list like/,
    ],
    [['--scripted', '{}'], /^--scripted: it must be a JSON list \(a list like/],
    [
      ['--scripted', '[{"tradingsymbol":"T","price":10,"isindex":true}]'],
      /^--scripted: 0\.isindex is not a known key; did you mean 0\.isIndex\?/,
    ],
    [['--rate-cards', '/no/such/file'], /--rate-cards "\/no\/such\/file" cannot be read/],
    [['--faults', '/no/such/file'], /--faults "\/no\/such\/file" cannot be read/],
    [['--calendar', '/no/such/file'], /--calendar "\/no\/such\/file" cannot be read/],
    [['--segments', 'NSE,XSE'], /'--segments <list>'.* must be one of NSE, .*, was "XSE"/],
    [['--demat-consent', 'yes'], /must be one of consent, physical, none, was "yes"/],
    [['--user', 'zx 1'], /must be capital letters and digits, was "zx 1"/],
    [['--login-elsewhere', '9h'], /must be market times like 10:15 or 10:15:30, was "9h"/],
    [['--date-skew-seconds', 'x'], /must be whole seconds, was "x"/],
    [['--no-admin', '--held'], /^--held needs the call that starts the clock/],
    [['--calendar', unlisted], /unlisted\.json: holidays\.0 must be in a year of the list/],
    [
      ['--calendar', closed, '--date', '2026-11-20'],
      /2026-11-20 is not a trading day at NSE \(holiday\)/,
    ],
    [
      ['--holdings', '[{"tradingsymbol":"NOSUCH","quantity":1,"averagePrice":1}]'],
      /holdings name "NOSUCH", which is not listed/,
    ],
  ])('%j is refused in one sentence', async (args, sentence) => {
    const child = start(...args);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((settle) => child.once('close', settle))).toBe(1);
    expect(said).toMatch(sentence);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});
