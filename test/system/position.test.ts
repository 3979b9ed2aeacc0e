// Goal: the worked example through the real stack: a tick on the WebSocket, a signal, the workflow, a
// modification at the exchange. And what must not be lost: an entry whose answer never came.
import { Client, Connection } from '@temporalio/client';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { PositionTerms, PositionView } from '../../domain/position';
import { rupeeForRupee } from '../../domain/trailing';
import { epochMs, paise, shares, type Direction } from '../../domain/units';
import {
  eventually,
  newHome,
  processesOf,
  startRatchet,
  type CommandResult,
} from '../support/ratchet';

const systemMs = 10 * 60_000;
const account = 'paper';

interface OrderRow {
  readonly order_id: string;
  readonly tag: string | null;
  readonly transaction_type: string;
  readonly order_type: string;
  readonly status: string;
  readonly trigger_price: number;
}

describe('one position through the real stack', () => {
  const home = newHome();
  let child: ChildProcess;
  let ended: Promise<CommandResult>;
  let exchange: string;
  let keys: Record<string, string>;
  let client: Client;
  let pool: Pool;

  beforeAll(async () => {
    const started = startRatchet(
      [
        'up',
        '--scripted',
        JSON.stringify(
          ['TENA', 'TENB', 'TENC'].map((tradingsymbol) => ({ tradingsymbol, price: 10 })),
        ),
      ],
      home,
    );
    ({ child, ended } = started);
    void ended.then(({ code, stderr }) =>
      code === 0 ? undefined : console.error(stderr.slice(-2000)),
    );
    await eventually(() => (started.stdout().includes('{') ? true : undefined), systemMs);
    const running = JSON.parse(readFileSync(join(home, 'running.json'), 'utf8')) as {
      exchange: string;
      environment: Record<string, string>;
    };
    exchange = running.exchange;
    keys = running.environment;
    client = new Client({
      connection: await Connection.connect({ address: keys['TEMPORAL_ADDRESS'] ?? '' }),
      namespace: 'ratchet',
    });
    pool = new Pool({ connectionString: keys['DATABASE_URL'], max: 2 });
    const instruments = await (await kite('/instruments/NSE')).text();
    for (const line of instruments.trim().split(/\r?\n/).slice(1)) {
      const [token, , tradingsymbol] = line.split(',');
      await pool.query(
        'insert into watch (account, instrument_token, tradingsymbol) values ($1, $2, $3)',
        [account, Number(token), tradingsymbol],
      );
    }
    await pool.query(`select pg_notify('watch', 'paper')`);
  }, systemMs);

  afterAll(async () => {
    await client.connection.close();
    await pool.end();
    child.kill('SIGINT');
    await ended;
    expect(processesOf(home)).toEqual([]);
  }, systemMs);

  const kite = (path: string): Promise<Response> =>
    fetch(`${exchange}${path}`, {
      headers: {
        authorization: `token ${keys['RATCHET_KITE_API_KEY'] ?? ''}:${keys['RATCHET_KITE_ACCESS_TOKEN'] ?? ''}`,
        'x-kite-version': '3',
      },
    });
  const post = async (path: string, body: object): Promise<void> => {
    const reply = await fetch(`${exchange}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(await reply.text()).toContain('success');
  };
  const ordersOf = async (tag: string): Promise<OrderRow[]> => {
    const { data } = (await (await kite('/orders')).json()) as { data: OrderRow[] };
    return data.filter((order) => order.tag === tag);
  };
  const tokenOf = async (tradingsymbol: string): Promise<number> => {
    const { rows } = await pool.query<{ instrument_token: string }>(
      'select instrument_token from watch where tradingsymbol = $1',
      [tradingsymbol],
    );
    return Number(rows[0]?.instrument_token);
  };

  async function start(
    intentId: string,
    tradingsymbol: string,
    direction: Direction,
  ): Promise<() => Promise<PositionView>> {
    const terms: PositionTerms = {
      intent: {
        intentId,
        account,
        date: '2026-11-20',
        instrument: {
          tradingsymbol,
          name: tradingsymbol,
          instrumentToken: await tokenOf(tradingsymbol),
          tickSize: paise(1),
          hasDerivatives: true,
          sector: 'Test',
        },
        direction,
        product: 'MIS',
        quantity: shares(10),
        entryLimit: paise(direction === 'LONG' ? 1002 : 998),
        stopDistance: paise(100),
        targetDistance: paise(200),
        policy: rupeeForRupee,
        atrAtEntry: 0,
        band: { lower: paise(500), upper: paise(1500) },
        reason: 'the worked example',
      },
      timing: { entryLifeMs: 30_000, rereadMs: 3_000, repriceMs: 1_500, stopDoubtMs: 3_000 },
      squareOffAt: epochMs(Date.now() + 3_600_000),
      cutOffAt: epochMs(Date.now() + 3_700_000),
    };
    const handle = await client.workflow.start('position', {
      workflowId: `position-${account}-${intentId}`,
      taskQueue: `orders-${account}`,
      args: [{ terms, dayWorkflowId: 'day-none' }],
    });
    return () => handle.query<PositionView>('position');
  }

  test.each([
    ['LONG', 'TENA', 11, 1000, 1300],
    ['SHORT', 'TENB', 9, 1000, 700],
  ] as const)(
    '%s %s: price 10 → %d moves the stop to %d and the target to %d paise, seen in the order’s history at the exchange',
    async (direction, tradingsymbol, price, stop, target) => {
      const intentId = `EXAMPLE${direction}`;
      const view = await start(intentId, tradingsymbol, direction);
      // Entered at a paisa or two off 10, since an order pays the spread; the stop lies ₹1 away from that.
      const first = await eventually(
        async () => ((await view()).phase === 'protected' ? view() : undefined),
        systemMs,
      );
      const entry = first.entryPrice;
      const d = direction === 'LONG' ? 1 : -1;
      expect(first).toMatchObject({
        desiredStop: entry - d * 100,
        confirmedStop: entry - d * 100,
        target: entry + d * 200,
      });
      // The book passes through transient states first.
      const resting = await eventually(
        async () => (await ordersOf(intentId)).find((order) => order.status === 'TRIGGER PENDING'),
        systemMs,
      );
      await post('/paper/price', { tradingsymbol, price: price + (entry - 1000) / 100 });
      const moved = await eventually(
        async () => ((await view()).confirmedStop === stop + (entry - 1000) ? view() : undefined),
        systemMs,
      );
      expect(moved).toMatchObject({
        desiredStop: stop + entry - 1000,
        target: target + entry - 1000,
        phase: 'protected',
      });
      const { data: history } = (await (await kite(`/orders/${resting.order_id}`)).json()) as {
        data: OrderRow[];
      };
      const triggers = [...new Set(history.map((row) => Math.round(row.trigger_price * 100)))];
      expect(triggers).toEqual([entry - d * 100, stop + entry - 1000]);
    },
    systemMs,
  );

  test(
    'an entry that executes though its answer never comes is adopted, protected and never sent twice',
    async () => {
      await post('/paper/faults', { kind: 'execute-and-timeout', on: 'place', times: 1 });
      const view = await start('DOUBTFUL', 'TENC', 'LONG');
      await eventually(
        async () => ((await view()).phase === 'protected' ? true : undefined),
        systemMs,
      );
      const orders = await eventually(async () => {
        const rows = await ordersOf('DOUBTFUL');
        return rows.some((order) => order.status === 'TRIGGER PENDING') ? rows : undefined;
      }, systemMs);
      expect(orders.filter((order) => order.transaction_type === 'BUY')).toHaveLength(1);
      expect(
        orders.filter(
          (order) => order.transaction_type === 'SELL' && order.status === 'TRIGGER PENDING',
        ),
      ).toHaveLength(1);
      await client.workflow
        .getHandle('position-paper-DOUBTFUL')
        .signal('leave', { reason: 'operator' });
      await client.workflow.getHandle('position-paper-DOUBTFUL').result();
      const after = await ordersOf('DOUBTFUL');
      expect(after.filter((order) => order.transaction_type === 'SELL')).toHaveLength(1);
      expect(after.every((order) => order.status === 'COMPLETE')).toBe(true);
    },
    systemMs,
  );
});
