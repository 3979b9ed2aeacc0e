// Goal: the worked example through the real stack: a tick on the WebSocket, a signal, the workflow, a
// modification at the exchange. Also what must not be lost: an entry whose answer never came, a position that
// somebody else closed, the kill switch.
import {
  ScheduleOverlapPolicy,
  WorkflowNotFoundError,
  type WorkflowHandle,
} from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import type { Portfolio } from '../../domain/portfolio';
import type { PositionView } from '../../domain/position';
import { dayWorkflowId } from '../../workflows/messages';
import { LiveSystem, type OrderRow } from '../support/liveSystem';
import { eventually, newHome, ratchet, resumeEntries } from '../support/ratchet';

const systemMs = 10 * 60_000;
const stocks = [
  'TENA',
  'TENB',
  'TENC',
  'TEND',
  'TENE',
  'TENF',
  'TENG',
  'TENH',
  'TENI',
  'TENJ',
  'TENK',
  'TENL',
  'TENM',
  'TENN',
];

/** Whether a history ends with a timer that fires about when a killed worker is back. */
function isAboutToFire({ events }: Awaited<ReturnType<WorkflowHandle['fetchHistory']>>): boolean {
  const last = events?.at(-1);
  const fires = last?.timerStartedEventAttributes?.startToFireTimeout;
  if (!last?.eventTime || !fires) return false;
  return tsToMs(last.eventTime) + tsToMs(fires) - Date.now() < 1_200;
}

const lateHoliday = '2026-11-20';

describe('one position through the real stack', () => {
  const home = newHome();
  let system: LiveSystem;

  beforeAll(async () => {
    system = await LiveSystem.start(
      home,
      stocks.map((tradingsymbol) => ({
        tradingsymbol,
        price: 10,
        ...(tradingsymbol === 'TENL' ? { held: 10 } : {}),
      })),
      {},
      { calendar: { holidays: [lateHoliday] } },
    );
  }, systemMs);

  afterAll(async () => {
    expect(await system.stop()).toEqual([]);
  }, systemMs);

  test.each([
    ['LONG', 'TENA', 11, 1000, 1300],
    ['SHORT', 'TENB', 9, 1000, 700],
  ] as const)(
    '%s %s: price 10 → %d moves the stop to %d and the target to %d paise, seen in the order’s history at the exchange',
    async (direction, tradingsymbol, price, stop, target) => {
      const intentId = `R261120${tradingsymbol}T1`;
      const { view, first } = await system.openPosition({ intentId, tradingsymbol, direction });
      // Entered at a paisa or two off 10, since an order pays the spread; the stop lies ₹1 away from that.
      const entry = first.entryPrice;
      const d = direction === 'LONG' ? 1 : -1;
      expect(first).toMatchObject({
        desiredStop: entry - d * 100,
        confirmedStop: entry - d * 100,
        target: entry + d * 200,
      });
      // The book passes through transient states first.
      const resting = await eventually(
        async () =>
          (await system.ordersOf(intentId)).find((order) => order.status === 'TRIGGER PENDING'),
        systemMs,
      );
      await system.setPrice(tradingsymbol, price + (entry - 1000) / 100);
      const moved = await eventually(
        async () => ((await view()).confirmedStop === stop + (entry - 1000) ? view() : undefined),
        systemMs,
      );
      expect(moved).toMatchObject({
        desiredStop: stop + entry - 1000,
        target: target + entry - 1000,
        phase: 'protected',
      });
      const history = await eventually(async () => {
        const reply = await system.kite(`/orders/${resting.order_id}`);
        return ((await reply.json()) as { data: OrderRow[] | null }).data ?? undefined;
      }, systemMs);
      const triggers = [...new Set(history.map((row) => Math.round(row.trigger_price * 100)))];
      expect(triggers).toEqual([entry - d * 100, stop + entry - 1000]);
    },
    systemMs,
  );

  test(
    'an entry that executes though its answer never comes is adopted, protected and never sent twice',
    async () => {
      await system.admin('/paper/faults', { kind: 'execute-and-timeout', on: 'place', times: 1 });
      const intentId = 'R261120CT1';
      const position = await system.openPosition({
        intentId,
        tradingsymbol: 'TENC',
        direction: 'LONG',
      });
      const orders = await eventually(async () => {
        const rows = await system.ordersOf(intentId);
        return rows.some((order) => order.status === 'TRIGGER PENDING') ? rows : undefined;
      }, systemMs);
      expect(orders.filter((order) => order.transaction_type === 'BUY')).toHaveLength(1);
      expect(
        orders.filter(
          (order) => order.transaction_type === 'SELL' && order.status === 'TRIGGER PENDING',
        ),
      ).toHaveLength(1);
      await system.client.workflow
        .getHandle(position.workflowId)
        .signal('leave', { reason: 'operator' });
      await position.closed();
      const after = await system.ordersOf(intentId);
      expect(after.filter((order) => order.transaction_type === 'SELL')).toHaveLength(1);
      expect(after.every((order) => order.status === 'COMPLETE')).toBe(true);
    },
    systemMs,
  );

  test(
    'a fill is covered while its answer hangs and no book can be read, and somebody is told that it is unknown',
    async () => {
      const intentId = 'R261120NT1';
      await system.admin('/paper/faults', { kind: 'execute-and-timeout', on: 'place', times: 1 });
      for (const on of ['orders', 'trades', 'positions'])
        await system.admin('/paper/faults', { kind: 'server-error', on, status: 503 });
      const position = await system.startPosition({
        intentId,
        tradingsymbol: 'TENN',
        direction: 'LONG',
      });
      const placed = await eventually(() => {
        const lines = system.journal('place').filter(({ tag }) => tag === intentId);
        return lines.length === 2 ? lines : undefined;
      }, systemMs);
      expect(placed.map(({ side, quantity }) => [side, quantity])).toEqual([
        ['BUY', 10],
        ['SELL', 10],
      ]);
      await eventually(
        async () => (await system.alertsOf(intentId)).includes('protection.unknown') || undefined,
        systemMs,
      );
      // The update told of the fill before the client gave up on the answer.
      expect(await system.alertsOf(intentId)).not.toContain('trade.in_doubt');
      await system.admin('/paper/faults?kind=server-error', {}, 'DELETE');
      await eventually(
        async () => ((await position.view()).phase === 'protected' ? true : undefined),
        systemMs,
      );
      const own = await system.ordersOf(intentId);
      expect(own.map((order) => [order.transaction_type, order.status])).toEqual([
        ['BUY', 'COMPLETE'],
        ['SELL', 'TRIGGER PENDING'],
      ]);
    },
    systemMs,
  );

  test(
    'held over the night: one trigger protects it, trails, is handed on, and closes it in the next session',
    async () => {
      const wish = { intentId: 'R261120LT1', tradingsymbol: 'TENL', direction: 'LONG' } as const;
      const day = await system.openPosition({ ...wish, product: 'CNC', lifeMs: 30_000 });
      const { entryPrice } = day.first;
      await system.setPrice('TENL', (entryPrice + 100) / 100);
      const stop = entryPrice;
      await eventually(
        async () => ((await day.view()).confirmedStop === stop ? true : undefined),
        systemMs,
      );
      await day.closed();
      const carried = await system.pool.query<{ view: PositionView }>('select view from carried');
      expect(carried.rows[0]?.view).toMatchObject({ phase: 'carried', confirmedStop: stop });
      expect(await system.triggersOf('TENL')).toMatchObject([
        { status: 'active', condition: { trigger_values: [stop / 100, (entryPrice + 300) / 100] } },
      ]);

      const next = await eventually(() => system.reconcile('2099-01-01'), systemMs);
      expect(next.findings).toContainEqual({ kind: 'adopt', intentId: wish.intentId });
      const adoptable = next.adoptable.find(({ intent }) => intent.intentId === wish.intentId);
      if (adoptable === undefined) throw new Error('it is not adopted');
      const position = await system.resumePosition(adoptable, '2099-01-01');
      await eventually(
        async () => ((await position.view()).phase === 'protected' ? true : undefined),
        systemMs,
      );
      await system.setPrice('TENL', (entryPrice + 300) / 100);
      await position.closed();
      const { rows } = await system.pool.query<{ view: PositionView; gross_pnl: string }>(
        'select view, gross_pnl from position_result where intent_id = $1',
        [wish.intentId],
      );
      expect(rows[0]?.view).toMatchObject({ exitReason: 'target', entryPrice });
      // Sold at the target less the spread.
      expect(Number(rows[0]?.gross_pnl)).toBeGreaterThan(10 * 290);
      const { rows: books } = await system.pool.query<{ sum: string }>(
        `select coalesce(sum(amount), 0) as sum from ledger_entry where ledger_account = 'stock:TENL'`,
      );
      expect(Number(books[0]?.sum)).toBe(0);
      expect(await system.triggersOf('TENL')).toMatchObject([{ status: 'triggered' }]);
    },
    systemMs,
  );

  test(
    'a feed that falls silent with its socket open is replaced, and trailing goes on',
    async () => {
      const position = await system.openPosition({
        intentId: 'R261120IT1',
        tradingsymbol: 'TENI',
        direction: 'LONG',
      });
      const { entryPrice } = position.first;
      await system.admin('/paper/faults', { kind: 'ticker-stall' });
      await eventually(
        () => (system.log('gateway').includes('connecting anew') ? true : undefined),
        systemMs,
      );
      await system.admin('/paper/faults?kind=ticker-stall', {}, 'DELETE');
      await system.setPrice('TENI', entryPrice / 100 + 1);
      const moved = await eventually(async () => {
        const view = await position.view();
        return view.confirmedStop === entryPrice ? view : undefined;
      }, systemMs);
      expect(moved.phase).toBe('protected');
    },
    systemMs,
  );

  test(
    'a position asked about while its worker is down still replays when the next worker comes',
    async () => {
      const wish = { intentId: 'R261120JT1', tradingsymbol: 'TENJ', direction: 'LONG' } as const;
      const { workflowId, view, first } = await system.openPosition(wish);
      const handle = system.client.workflow.getHandle(workflowId);
      const ask = (): Promise<PositionView> => system.client.withDeadline(Date.now() + 3_000, view);
      for (let gain = 1; gain <= 4; gain += 1) {
        // Queries that wait for a worker while the position's own timer fires.
        await eventually(
          async () => (isAboutToFire(await handle.fetchHistory()) ? true : undefined),
          systemMs,
        );
        system.kill('worker');
        const questions = Array.from({ length: 10 }, () => ask().catch(() => undefined));
        await eventually(ask, systemMs);
        await Promise.all(questions);
        // The next worker has to replay what this one writes.
        await system.setPrice('TENJ', first.entryPrice / 100 + gain);
        await eventually(async () => {
          const { confirmedStop } = await ask();
          return confirmedStop === (first.confirmedStop ?? 0) + gain * 100 ? true : undefined;
        }, systemMs);
      }
      expect(system.log('worker')).not.toContain('TMPRL1100');
    },
    systemMs,
  );

  test(
    'a position sold by hand on another terminal is over: its stop is cancelled and nothing more is sold',
    async () => {
      const intentId = 'R261120DT1';
      const position = await system.openPosition({
        intentId,
        tradingsymbol: 'TEND',
        direction: 'LONG',
      });
      await system.admin('/paper/terminal-order', {
        tradingsymbol: 'TEND',
        transaction_type: 'SELL',
        quantity: 10,
        product: 'MIS',
        order_type: 'LIMIT',
        price: 9.9,
        validity: 'DAY',
        variety: 'regular',
      });
      await position.closed();
      expect(await position.view()).toMatchObject({ phase: 'closed', exitReason: 'elsewhere' });
      const own = await system.ordersOf(intentId);
      expect(own.map((order) => [order.transaction_type, order.status])).toEqual([
        ['BUY', 'COMPLETE'],
        ['SELL', 'CANCELLED'],
      ]);
    },
    systemMs,
  );

  test(
    'a position whose workflow is gone, or cannot go on, is adopted by the day that finds it, with its stop and nothing sent twice',
    async () => {
      const intentId = 'R261120HT1';
      const position = await system.openPosition({
        intentId,
        tradingsymbol: 'TENH',
        direction: 'LONG',
      });
      await system.client.workflow.getHandle(position.workflowId).terminate('test');
      const stuck = await system.openPosition({
        intentId: 'R261120KT1',
        tradingsymbol: 'TENK',
        direction: 'LONG',
      });
      await system.setPrice('TENK', stuck.first.entryPrice / 100 + 1);
      const trailed = await eventually(async () => {
        const { confirmedStop } = await stuck.view();
        return confirmedStop === stuck.first.entryPrice ? confirmedStop : undefined;
      }, systemMs);
      const handle = system.client.workflow.getHandle(stuck.workflowId);
      await handle.terminate('test');
      await system.startUnreadable(stuck.workflowId);
      await eventually(async () => {
        const { raw } = await handle.describe();
        return (raw.pendingWorkflowTask?.attempt ?? 0) >= 5 || undefined;
      }, systemMs);
      const started = await ratchet(['day', 'start', '--json'], home);
      expect(started.stderr).toBe('');
      const adopted = await eventually(async () => {
        const view = await system.client.workflow
          .getHandle(position.workflowId)
          .query<{ phase: string; quantity: number }>('position');
        const { status } = await system.client.workflow.getHandle(position.workflowId).describe();
        return status.name === 'RUNNING' && view.phase === 'protected' ? view : undefined;
      }, systemMs);
      expect(adopted.quantity).toBe(10);
      const own = await system.ordersOf(intentId);
      expect(own.map((order) => order.transaction_type)).toEqual(['BUY', 'SELL']);
      const revived = await eventually(async () => {
        const view = await system.client.withDeadline(Date.now() + 3_000, stuck.view);
        return view.phase === 'protected' ? view : undefined;
      }, systemMs);
      expect(revived).toMatchObject({ quantity: 10, desiredStop: trailed, confirmedStop: trailed });
      const kept = await system.ordersOf('R261120KT1');
      expect(kept.map((order) => order.transaction_type)).toEqual(['BUY', 'SELL']);
    },
    systemMs,
  );

  test(
    'the portfolio: what is open and what is closed, after charges, and the ledger agrees to the paisa',
    async () => {
      const shown = await ratchet(['portfolio', '--json'], home);
      expect(shown.stderr).toBe('');
      const found = JSON.parse(shown.stdout) as Portfolio & {
        ledgerDifference: number;
        margin: { used: number } | null;
      };
      expect(found.ledgerDifference).toBe(0);
      const lineOf = (symbol: string): Portfolio['lines'][number] | undefined =>
        found.lines.find(({ tradingsymbol }) => tradingsymbol === symbol);
      expect(lineOf('TEND')).toMatchObject({ held: 0, exposure: 0, unrealised: 0 });
      expect(lineOf('TENI')).toMatchObject({ held: 10, realised: 0, direction: 'LONG' });
      expect(found.exposure.LONG).toBeGreaterThan(0);
      expect(found.margin?.used).toBeGreaterThan(0);
      const table = await ratchet(['portfolio'], home);
      expect(table.stdout).toContain('the ledger agrees to the paisa');
    },
    systemMs,
  );

  test(
    'the kill switch: halted entries never reach the exchange, whoever asks; close-all --direct leaves everything',
    async () => {
      const open = { intentId: 'R261120ET1', tradingsymbol: 'TENE', direction: 'SHORT' } as const;
      const position = await system.openPosition(open);
      const bought = { intentId: 'R261120MT1', tradingsymbol: 'TENM', direction: 'LONG' } as const;
      const delivery = await system.openPosition({ ...bought, product: 'CNC' });
      const halted = await ratchet(['halt', '--reason', 'test', '--json'], home);
      expect(JSON.parse(halted.stdout)).toMatchObject({ halted: true });
      const refused = await system.startPosition({
        intentId: 'R261120FT1',
        tradingsymbol: 'TENF',
        direction: 'LONG',
      });
      await refused.closed();
      expect(await system.ordersOf('R261120FT1')).toEqual([]);
      // With the worker gone, the broker itself is told.
      system.kill('worker');
      const closed = await ratchet(['close-all', '--direct', '--json'], home);
      expect(closed.code).toBe(0);
      const { direct, unanswered } = JSON.parse(closed.stdout) as {
        direct: { step: { kind: string }; outcome: { kind: string } }[];
        unanswered: string[];
      };
      // No day runs here; everything else must have answered.
      expect(unanswered.filter((what) => !what.startsWith('the day workflow'))).toEqual([]);
      expect(direct.map(({ outcome }) => outcome.kind)).toContain('accepted');
      await position.closed();
      const own = await system.ordersOf(open.intentId);
      expect(own.filter((order) => order.transaction_type === 'BUY')).toHaveLength(1);
      expect(own.every((order) => order.status === 'COMPLETE')).toBe(true);
      await delivery.closed();
      expect(await system.triggersOf('TENM')).toMatchObject([{ status: 'deleted' }]);
      expect(await system.ordersOf(bought.intentId)).toMatchObject([
        { transaction_type: 'BUY', status: 'COMPLETE' },
        { transaction_type: 'SELL', status: 'COMPLETE' },
      ]);
      const books = await system.books();
      expect(books.openPositions).toEqual([]);
      expect(await resumeEntries(home)).toMatchObject({ halted: false });
      const allowed = await system.openPosition({
        intentId: 'R261120GT1',
        tradingsymbol: 'TENG',
        direction: 'LONG',
      });
      expect(allowed.first.phase).toBe('protected');
      // With the worker alive both are told to leave: the command holds the worker, and nothing is sold twice.
      const again = await ratchet(['close-all', '--direct', '--json'], home);
      expect(again.code).toBe(0);
      await allowed.closed();
      expect(await system.ordersOf('R261120GT1')).toMatchObject([
        { transaction_type: 'BUY', status: 'COMPLETE' },
        { transaction_type: 'SELL', status: 'COMPLETE' },
      ]);
      expect(system.journal('place').filter(({ tag }) => String(tag).endsWith('c'))).toEqual([]);
      await resumeEntries(home);
    },
    systemMs,
  );

  test(
    'a second system in the same checkout is refused in one sentence and disturbs nothing',
    async () => {
      const second = await ratchet(['up'], home);
      expect(second.code).not.toBe(0);
      expect(second.stderr).toContain('a system is already running in this checkout');
      await eventually(
        async () => ((await system.kite('/user/profile')).ok ? true : undefined),
        systemMs,
      );
    },
    systemMs,
  );

  test(
    'schedules: sync creates one per account, again makes it the same, list shows the next days, pause stops it',
    async () => {
      const command = (args: readonly string[]): Promise<unknown> =>
        ratchet(['schedule', ...args, '--json'], home).then(({ code, stdout, stderr }) => {
          if (code !== 0) throw new Error(stderr);
          return JSON.parse(stdout) as unknown;
        });
      expect(await command(['sync'])).toMatchObject({ outcome: 'created' });
      expect(await command(['sync'])).toMatchObject({ outcome: 'updated' });
      // The schedule does not know the holiday, the worker does: no day is started.
      const schedule = system.client.schedule.getHandle('trading-day-paper');
      const morning = {
        start: new Date(`${lateHoliday}T03:00Z`),
        end: new Date(`${lateHoliday}T04:00Z`),
      };
      await schedule.backfill({ ...morning, overlap: ScheduleOverlapPolicy.ALLOW_ALL });
      const started = await eventually(async () => {
        const { info } = await schedule.describe();
        return info.recentActions.at(-1)?.action.workflow.workflowId;
      }, systemMs);
      const said: unknown = await system.client.workflow.getHandle(started).result();
      expect(said).toBe(`${lateHoliday} is not a trading day (holiday)`);
      const day = system.client.workflow.getHandle(dayWorkflowId('paper', lateHoliday));
      await expect(day.describe()).rejects.toThrow(WorkflowNotFoundError);
      const paused = await ratchet(['schedule', 'pause', '--account', 'paper'], home);
      expect(paused.code).toBe(0);
      const listed = await eventually(async () => {
        const rows = (await command(['list'])) as { paused: boolean; next: string | null }[];
        return rows[0]?.paused === true ? rows : undefined;
      }, systemMs);
      expect(listed).toHaveLength(1);
    },
    systemMs,
  );
});
