// The exchange in Kite's place: without admin calls and on the host's clock, with TLS, with a clock that is
// off, and with a list of instruments as long as Kite's.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KiteConnect } from 'kiteconnect';
import WebSocket from 'ws';
import { istInstant } from '../../domain/session/sessionClock';
import { scriptOf, startOf, tlsOf } from '../../exchange/flagValues';
import { exchangeCommand, type Flags } from '../../exchange/flags';
import type { TlsText } from '../../exchange/server';
import { date, startBench, type Bench } from './support';

const flags = (...args: readonly string[]): Flags =>
  exchangeCommand().parse(args, { from: 'user' }).opts<Flags>();

async function withBench(
  options: Parameters<typeof startBench>[0],
  act: (bench: Bench) => Promise<void>,
): Promise<void> {
  const bench = await startBench(options);
  try {
    await act(bench);
  } finally {
    await bench.paper.close();
  }
}

describe('without admin calls', () => {
  test('every path under /paper/ is unknown, and Kite’s own are served', () =>
    withBench({ hasAdmin: false }, async ({ admin, kite }) => {
      const calls: [string, string, object?][] = [
        ['GET', '/paper/clock'],
        ['GET', '/paper/books'],
        ['POST', '/paper/clock/start', {}],
        ['POST', '/paper/session/expire', {}],
        ['GET', '/paper/news.rss'],
      ];
      const unknown = await admin('GET', '/no/such/path');
      expect(unknown).toMatchObject({ status: 404, body: { message: 'Route not found' } });
      for (const [method, path, body] of calls) {
        expect(await admin(method, path, body)).toEqual(unknown);
      }
      expect((await kite.getProfile()).user_id).toBe('PX0001');
    }));

  test('a script acts all the same, so a login elsewhere comes at its market time', async () => {
    const script = scriptOf(flags('--login-elsewhere', '09:31,09:45'));
    await withBench({ hasAdmin: false, script }, async ({ kite, play }) => {
      play(30_000);
      expect((await kite.getProfile()).user_id).toBe('PX0001');
      play(30_000);
      await expect(kite.getProfile()).rejects.toMatchObject({ error_type: 'TokenException' });
    });
  });

  test('the clock runs from the start and shows the host’s time of day', async () => {
    const host = jest.spyOn(Date, 'now').mockReturnValue(istInstant(date, '10:17') + 23_456);
    try {
      const { startAt } = startOf(flags('--no-admin'));
      await withBench({ startAt: startAt ?? '', held: false }, async ({ admin }) => {
        const { body } = await admin('GET', '/paper/clock');
        const { marketAt, hostAt, speed, held } = body.data;
        expect([speed, held]).toEqual([1, false]);
        expect(marketAt).toBe(hostAt);
        expect(marketAt).toBe(istInstant(date, '10:17') + 23_456);
      });
    } finally {
      host.mockRestore();
    }
  });

  test('on another date than today there is no host’s clock', async () => {
    const host = jest.spyOn(Date, 'now').mockReturnValue(istInstant('2026-11-21', '10:17'));
    try {
      await expect(startBench({ startAt: 'now' })).rejects.toThrow(
        'startAt "now" is for today\'s session: the date must be 2026-11-21, was 2026-11-20',
      );
    } finally {
      host.mockRestore();
    }
  });

  test.each([
    [['--no-admin'], { startAt: 'now' }],
    [['--no-admin', '--date', date], {}],
    [['--no-admin', '--open-now'], {}],
    [['--no-admin', '--start-at', '11:00'], { startAt: '11:00' }],
    [['--start-at', 'now'], { startAt: 'now' }],
    [[], {}],
  ])('%j starts at %j', (args, start) => {
    expect(startOf(flags(...args))).toEqual(start);
  });

  test('a held clock that nobody could start is refused', () => {
    expect(() => startOf(flags('--no-admin', '--held'))).toThrow(
      '--held needs the call that starts the clock: leave out --held or --no-admin',
    );
  });
});

describe('the Date header', () => {
  test.each([[-30], [0], [90]])('is %d s ahead of the host', async (seconds) => {
    const { dateSkewSeconds } = flags('--date-skew-seconds', String(seconds));
    const now = istInstant(date, '10:17');
    await withBench({ dateSkewSeconds }, async ({ paper }) => {
      const host = jest.spyOn(Date, 'now').mockReturnValue(now);
      try {
        const { headers } = await fetch(`${paper.rest}/orders`);
        expect(headers.get('date')).toBe(new Date(now + seconds * 1_000).toUTCString());
      } finally {
        host.mockRestore();
      }
    });
  });
});

describe('a long list of instruments', () => {
  test('of 90,000 rows holds what is listed and far rows that nothing else knows', () =>
    withBench({ listingRows: 90_000 }, async ({ kite, paper }) => {
      const isRow = ({ exchange }: { exchange?: string }): boolean => exchange !== undefined;
      const cash = (await kite.getInstruments('NSE')).filter(isRow);
      const derivatives = (await kite.getInstruments('NFO')).filter(isRow);
      expect([cash.length, derivatives.length]).toEqual([2 + 9_000, 1 + 81_000]);
      const tokens = [...cash, ...derivatives].map((row) => row.instrument_token);
      expect(new Set(tokens).size).toBe(90_003);
      expect(new Set(derivatives.map((row) => row.tradingsymbol)).size).toBe(81_001);
      expect(cash[0]).toMatchObject({ tradingsymbol: 'INFY', exchange: 'NSE' });
      expect(derivatives[0]).toMatchObject({ instrument_type: 'FUT', name: 'INFY' });
      expect(derivatives.at(-1)).toMatchObject({ instrument_type: 'CE', segment: 'NFO-OPT' });
      expect(paper.exchange.tapes.size).toBe(2);
      expect(await kite.getLTP([`NSE:${cash.at(-1)?.tradingsymbol ?? ''}`])).toEqual({});
    }));

  test.each([-1, 1.5, 1_000_001])('of %d rows is refused in one sentence', async (listingRows) => {
    await expect(startBench({ listingRows })).rejects.toThrow(
      `listingRows must be a whole number from 0 to 1000000, was ${listingRows}`,
    );
  });
});

/** A self-signed certificate made here; undefined where there is no openssl. */
function selfSigned(): TlsText | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'exchange-tls-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  try {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const names = ['-subj', '/CN=paper', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const files = ['-keyout', keyFile, '-out', certFile];
    execFileSync('openssl', ['req', '-x509', '-days', '1', ...curve, ...names, ...files], {
      stdio: 'pipe',
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

const made = selfSigned();
const withOpenssl = made === undefined ? describe.skip : describe;

withOpenssl(`TLS${made === undefined ? ' (skipped: there is no openssl here)' : ''}`, () => {
  const tls = made ?? { cert: '', key: '' };

  test('REST, login page and ticker are served on one port to who trusts the certificate', () =>
    withBench({ tls }, async ({ paper, kite }) => {
      expect(paper.rest).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect(new URL(paper.ticker).host).toBe(new URL(paper.rest).host);
      const trusting = new KiteConnect({ api_key: paper.apiKey, root: paper.rest });
      trusting.setAccessToken(paper.accessToken);
      const { defaults } = (
        trusting as unknown as { requestInstance: { defaults: { httpsAgent?: Agent } } }
      ).requestInstance;
      defaults.httpsAgent = new Agent({ ca: tls.cert });
      expect((await trusting.getProfile()).user_id).toBe('PX0001');
      await expect(kite.getProfile()).rejects.toMatchObject({ error_type: 'NetworkException' });
      const page = await new Promise<IncomingMessage>((settle, fail) => {
        const address = `${paper.rest}/connect/login?api_key=${paper.apiKey}&v=3`;
        get(address, { ca: tls.cert }, settle).on('error', fail);
      });
      page.resume();
      expect(page.statusCode).toBe(200);
      const query = `?api_key=${paper.apiKey}&access_token=${paper.accessToken}`;
      const socket = new WebSocket(`${paper.ticker}${query}`, { ca: tls.cert });
      const beat = await new Promise<Buffer>((settle, fail) => {
        socket.once('message', settle).once('error', fail);
      });
      expect([...beat]).toEqual([0]);
      socket.terminate();
    }));

  test('a certificate and another’s key are refused in one sentence', async () => {
    const other = selfSigned()?.key ?? '';
    await expect(startBench({ tls: { ...tls, key: other } })).rejects.toThrow(
      /^the TLS certificate and its key cannot be used: /,
    );
  });
});

test.each([
  [['--tls', 'a.pem'], '--tls and --tls-key belong together: one of them is missing'],
  [['--tls-key', 'a.pem'], '--tls and --tls-key belong together: one of them is missing'],
  [['--tls', '/no/cert', '--tls-key', '/no/key'], '--tls "/no/cert" cannot be read'],
])('%j is refused in one sentence', (args, sentence) => {
  expect(() => tlsOf(flags(...args))).toThrow(sentence);
});
