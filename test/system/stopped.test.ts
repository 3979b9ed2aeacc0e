// Goal: a live system that is told to stop with positions open says what rests at the broker, leaves no order half
// sent, and takes everything up again when it is brought up: SIGTERM falls while one entry's answer is slow and
// another's is lost. Method: the whole system in live mode, on the paper exchange in Kite's place.
import { recordApproval } from '../../activities/ledger/approvals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { connectClient } from '../../infra/temporal/connect';
import { Pool } from 'pg';
import { intentIdOf, type PositionTerms, type PositionView } from '../../domain/position';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise, shares } from '../../domain/units';
import { loadConfig } from '../../infra/config/config';
import { liveTerms } from '../../infra/liveConsent';
import { logFileOf } from '../../infra/supervisor/logs';
import { date, startBench, type Bench } from '../exchange/support';
import { positionTerms } from '../support/positionTerms';
import {
  eventually,
  newHome,
  processesOf,
  startRatchet,
  type StartedCommand,
} from '../support/ratchet';

const account = 'mine';
const [first, slow, lost] = [1, 2, 3].map((token) =>
  intentIdOf(date, token, istInstant(date, '09:30')),
) as [string, string, string];
const startMs = 5 * 60_000;
const stocks = [
  { tradingsymbol: 'INFY', price: 1_500 },
  { tradingsymbol: 'TCS', price: 3_500 },
  { tradingsymbol: 'SBIN', price: 800 },
] as const;

interface OrderRow {
  readonly tag: string | null;
  readonly transaction_type: string;
  readonly status: string;
}

describe('a live system that is told to stop', () => {
  const home = newHome();
  const configFile = join(home, 'config.json');
  let bench: Bench;
  let command: StartedCommand;
  let client: Client;
  let pool: Pool;

  beforeAll(async () => {
    bench = await startBench({ source: { kind: 'scripted', instruments: stocks }, held: false });
    const { rest, ticker, apiKey, accessToken } = bench.paper;
    const live = { mode: 'live', kiteUser: 'PX0001', brokerUrl: rest, tickerUrl: ticker };
    writeFileSync(configFile, JSON.stringify({ account, ...live }));
    const folder = join(home, 'accounts', account);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const keep = (name: string, content: object): void =>
      writeFileSync(join(folder, name), JSON.stringify(content), { mode: 0o600 });
    keep('session.json', { userId: 'PX0001', apiKey, accessToken, loggedInAt: Date.now() });
    keep('live.json', { ...liveTerms(loadConfig(configFile)), by: 'test', at: Date.now() });
    await bringUp();
    for (const { tradingsymbol } of stocks)
      await pool.query(
        'insert into watch (account, instrument_token, tradingsymbol) values ($1, $2, $3)',
        [account, tokenOf(tradingsymbol), tradingsymbol],
      );
    await pool.query(`select pg_notify('watch', $1)`, [account]);
  }, startMs);
  afterAll(async () => {
    await bringDown();
    await bench.paper.close();
  });

  const tokenOf = (tradingsymbol: string): number =>
    bench.paper.exchange.tape(tradingsymbol).listing.instrumentToken;

  async function bringUp(): Promise<void> {
    command = startRatchet(['up', '--config', configFile], home);
    await eventually(() => (command.stdout().includes('{') ? true : undefined), startMs);
    const { environment } = JSON.parse(readFileSync(join(home, 'running.json'), 'utf8')) as {
      environment: Record<string, string>;
    };
    client = await connectClient(environment);
    pool = new Pool({ connectionString: environment['DATABASE_URL'], max: 2 });
    pool.on('error', () => undefined);
  }

  /** @returns what it said. */
  async function bringDown(): Promise<string> {
    await client.connection.close();
    if (!pool.ended) await pool.end();
    command.child.kill('SIGTERM');
    return (await command.ended).stderr;
  }

  const viewOf = (intentId: string): Promise<PositionView> =>
    client.workflow.getHandle(`position-${account}-${intentId}`).query<PositionView>('position');
  const isProtected = (intentId: string): Promise<PositionView> =>
    eventually(async () => {
      const view = await viewOf(intentId);
      return view.phase === 'protected' ? view : undefined;
    }, startMs);

  async function open(intentId: string, { tradingsymbol, price }: (typeof stocks)[number]) {
    const { intent } = positionTerms();
    const terms: PositionTerms = positionTerms(
      {
        ...{ intentId, account, date, quantity: shares(10) },
        instrument: {
          ...intent.instrument,
          tradingsymbol,
          instrumentToken: tokenOf(tradingsymbol),
          tickSize: bench.paper.exchange.tape(tradingsymbol).listing.tickSize,
        },
        entryLimit: paise(Math.round(price * 1.005) * 100),
        stopDistance: paise(price * 5),
        targetDistance: paise(price * 10),
        band: { lower: paise(price * 80), upper: paise(price * 120) },
      },
      { squareOffAt: epochMs(Date.now() + 3_600_000), cutOffAt: epochMs(Date.now() + 3_700_000) },
    );
    await recordApproval(pool, terms.intent);
    await client.workflow.start('position', {
      workflowId: `position-${account}-${intentId}`,
      taskQueue: `orders-${account}`,
      workflowTaskTimeout: '4s',
      args: [{ terms, dayWorkflowId: 'day-none' }],
    });
  }

  const ordersOf = async (intentId: string): Promise<readonly OrderRow[]> => {
    const orders = (await bench.kite.getOrders()) as unknown as readonly OrderRow[];
    return orders.filter(({ tag }) => tag === intentId);
  };

  test(
    'names what rests, sends nothing twice, and goes on from the books',
    async () => {
      const [infy, tcs, sbin] = stocks;
      await open(first, infy);
      await isProtected(first);
      for (const fault of [{ kind: 'slow', ms: 3_500 }, { kind: 'execute-and-timeout' }])
        await bench.admin('POST', '/paper/faults', { ...fault, on: 'place', times: 1 });
      await open(slow, tcs);
      await open(lost, sbin);
      await eventually(async () => {
        const { body } = await bench.admin('GET', '/paper/faults');
        const happened = body.data['happened'] as Record<string, number>;
        return happened['slow'] === 1 && happened['execute-and-timeout'] === 1 ? true : undefined;
      });
      const said = await bringDown();
      expect(said).toMatch(/positions stay at the broker/);
      expect(said).toMatch(
        /INFY LONG 10 MIS: stop of 10 at ₹1,4\d\d\.\d\d, limit ₹1,4\d\d\.\d\d \(order \d+\)/,
      );
      expect(said).toMatch(/(?:TCS|SBIN) LONG 0 MIS: an entry may be on its way/);
      expect(said).toMatch(/(?:TCS|SBIN) LONG 10 MIS: (?:NOT PROTECTED: 10 shares|stop of 10 at)/);
      expect(said).not.toContain('could not be read');
      expect(processesOf(home)).toEqual([]);
      for (const intentId of [slow, lost]) {
        const entries = (await ordersOf(intentId)).filter(
          ({ transaction_type: side }) => side === 'BUY',
        );
        expect(entries).toMatchObject([{ status: 'COMPLETE' }]);
      }

      await bringUp();
      for (const intentId of [first, slow, lost]) {
        await isProtected(intentId);
        const orders = await ordersOf(intentId);
        expect(orders.map(({ transaction_type: side }) => side).sort()).toEqual(['BUY', 'SELL']);
      }
      const logs = join(home, 'accounts', account, 'logs');
      const supervisor = readFileSync(logFileOf(logs, 'supervisor'), 'utf8');
      expect(supervisor.match(/✓ trading worker and tick gateway/g)).toHaveLength(2);
      expect(supervisor).toMatch(/Z {3}INFY LONG 10 MIS: stop of 10 at/);
    },
    startMs,
  );
});
