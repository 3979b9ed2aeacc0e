// Goal: a shadow beside a stand-in for the broker, at real speed: its position is opened and left at the stand-in's
// prices, and not one write reaches the stand-in. Killed with a position open it goes on with the books it had, and the
// evening closes them. A session that ends is told by name, and a login ends that.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastTradingDay } from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istDate, istInstant } from '../../domain/session/sessionClock';
import type { PositionView } from '../../domain/position';
import { epochMs, paise } from '../../domain/units';
import { readBooks } from '../../exchange/books/booksFile';
import { writeSession } from '../../infra/brokerSession/sessionFile';
import { freePort } from '../../infra/freePort';
import { startPaperExchange, type PaperExchange } from '../../exchange/start';
import { CountedLine } from '../support/countedLine';
import { LiveSystem, type OrderRow, type StartedPosition } from '../support/liveSystem';
import { eventually, newHome, ratchet, startRatchet } from '../support/ratchet';

const systemMs = 5 * 60_000;
const date = lastTradingDay(istDate(epochMs(Date.now())), nseCalendar);
const keys = { apiKey: 'standinkey', apiSecret: 'standinsecret', accessToken: 'standintoken' };

describe('a shadow', () => {
  const home = newHome();
  const config = join(home, 'shadow.json');
  let standIn: PaperExchange;
  let line: CountedLine;
  let system: LiveSystem;
  let loginPort: number;
  let clock: { readonly marketAt: number; readonly hostAt: number };

  /** Brings it up where the market's time, real speed, began at this one. */
  const bringUp = (clock: { readonly marketAt: number; readonly hostAt: number }) =>
    LiveSystem.up(home, ['--config', config, '--account', 'mine'], {
      RATCHET_STAND_IN_CLOCK: JSON.stringify({ ...clock, speed: 1 }),
    });

  beforeAll(async () => {
    loginPort = await freePort();
    standIn = await startPaperExchange({
      date,
      source: { kind: 'scripted', instruments: [{ tradingsymbol: 'INFY', price: 10 }] },
      speed: 1,
      held: false,
      startAt: '10:00',
      openingCash: paise(5_000_000),
      credentials: keys,
      redirectUrl: `http://127.0.0.1:${loginPort}/`,
    });
    clock = { marketAt: istInstant(date, '10:00'), hostAt: Date.now() };
    line = new CountedLine(standIn.rest);
    const settings = {
      ...{ account: 'mine', mode: 'shadow', kiteUser: 'PX0001', universe: ['INFY'] },
      ...{ brokerUrl: await line.open(), tickerUrl: standIn.ticker },
      loginUrl: `${standIn.rest}/connect/login`,
    };
    writeFileSync(config, JSON.stringify(settings));
    const { apiKey, accessToken } = keys;
    writeSession(join(home, 'accounts', 'mine', 'session.json'), {
      ...{ userId: 'PX0001', apiKey, accessToken, loggedInAt: 1 },
    });
    system = await bringUp(clock);
    await eventually(async () => ((await system.kite('/quote?i=NSE:INFY')).ok ? true : undefined));
    await system.watchAll();
  }, systemMs);

  afterAll(async () => {
    line.close();
    await standIn.close();
  });

  test(
    'trades at the broker’s prices, and the broker hears of no order',
    async () => {
      const position = await system.openPosition({
        ...{ intentId: 'R261120SHD1', tradingsymbol: 'INFY', direction: 'LONG' as const },
      });
      expect(position.first).toMatchObject({ quantity: 10, phase: 'protected' });
      // Beyond the target; the price of the next trades, too.
      standIn.exchange.print('INFY', paise(1_250), 100_000);
      await position.closed();
      const { rows } = await system.pool.query<{ side: string; price: string }>(
        'select side, price from fill order by at',
      );
      expect(rows.map(({ side }) => side)).toEqual(['BUY', 'SELL']);
      const [bought, sold] = rows.map(({ price }) => Number(price));
      expect(bought).toBeLessThanOrEqual(1_002);
      expect(sold).toBeGreaterThanOrEqual(1_200);
      expect(line.writes).toEqual([]);
      expect(standIn.exchange.desk.all()).toEqual([]);
      expect(JSON.stringify(system.environment)).not.toContain(keys.accessToken);
      const { stdout } = await ratchet(['positions', '--date', date], home);
      expect(stdout.split('\n')[0]).toBe(`SHADOW account mine, session ${date}`);
    },
    systemMs,
  );

  const dataOf = async <T>(path: string): Promise<T> =>
    ((await (await system.kite(path)).json()) as { data: T }).data;

  /** The books once they are told. */
  const books = () =>
    eventually(async () => {
      const { cash, openPositions, fills } = await system.books();
      const orders = await dataOf<readonly OrderRow[] | undefined>('/orders');
      return orders && { cash, openPositions, fills, orders };
    }, systemMs);

  const viewOf = ({ workflowId }: StartedPosition): Promise<PositionView> =>
    eventually(
      () => system.client.workflow.getHandle(workflowId).query<PositionView>('position'),
      systemMs,
    );

  /** The position once its stop is where it should be, from this level on. */
  const trailedTo = (position: StartedPosition, rupees: number): Promise<PositionView> =>
    eventually(async () => {
      const view = await viewOf(position);
      const isThere = view.confirmedStop === view.desiredStop && view.phase === 'protected';
      return isThere && (view.confirmedStop ?? 0) >= rupees * 100 ? view : undefined;
    }, systemMs);

  let held: StartedPosition;

  test(
    'killed with a position open it goes on with the books it had, and trails on',
    async () => {
      standIn.exchange.print('INFY', paise(1_000), 100_000);
      await eventually(async () => {
        const quotes = await dataOf<Record<string, { last_price: number }>>('/quote?i=NSE:INFY');
        return quotes['NSE:INFY']?.last_price === 10 || undefined;
      });
      held = await system.openPosition({
        ...{ intentId: 'R261120SHD2', tradingsymbol: 'INFY', direction: 'LONG' as const },
      });
      standIn.exchange.print('INFY', paise(1_110), 100_000);
      const { confirmedStop } = await trailedTo(held, 9.9);
      const before = await books();
      expect(before.openPositions).toMatchObject([{ tradingsymbol: 'INFY', quantity: 10 }]);
      await system.killAll();

      system = await bringUp(clock);
      expect(await books()).toEqual(before);
      expect(await viewOf(held)).toMatchObject({ phase: 'protected', confirmedStop });
      standIn.exchange.print('INFY', paise(1_210), 100_000);
      expect((await trailedTo(held, 10.9)).confirmedStop).toBeGreaterThan(confirmedStop ?? 0);
      const after = await books();
      const ids = (rows: readonly OrderRow[]): readonly string[] => rows.map((row) => row.order_id);
      expect(ids(after.orders)).toEqual(ids(before.orders));
      expect({ ...after, orders: [] }).toEqual({ ...before, orders: [] });

      // Its exchange alone: it is started again where it was.
      system.kill('shadow exchange');
      standIn.exchange.print('INFY', paise(1_310), 100_000);
      await trailedTo(held, 11.9);
      expect({ ...(await books()), orders: [] }).toEqual({ ...before, orders: [] });
      expect(ids((await books()).orders)).toEqual(ids(before.orders));
      expect(line.writes).toEqual([]);
      expect(standIn.exchange.desk.all()).toEqual([]);
    },
    2 * systemMs,
  );

  test(
    'the end of the broker’s session is told by name, and so is the login that ends it',
    async () => {
      const told = (type: string): Promise<object> =>
        eventually(async () => {
          const { rows } = await system.pool.query<{ body: object }>(
            'select body from alert where account = $1 and type = $2',
            ['mine', type],
          );
          return rows[0]?.body;
        }, systemMs);
      await fetch(`${standIn.rest}/paper/session/expire`, { method: 'POST' });
      expect(await told('session.lost')).toMatchObject({
        why: expect.stringContaining('TokenException') as string,
        login: expect.stringContaining(`${standIn.rest}/connect/login`) as string,
      });
      const login = startRatchet(['login', '--config', config, '--port', String(loginPort)], home, {
        RATCHET_KITE_API_KEY: keys.apiKey,
        RATCHET_KITE_API_SECRET: keys.apiSecret,
      });
      await eventually(async () => {
        const page = `${standIn.rest}/connect/login?v=3&api_key=${keys.apiKey}&auto=1`;
        return (await fetch(page)).ok ? true : undefined;
      });
      expect(await login.ended).toMatchObject({ code: 0 });
      expect(await told('session.back')).toEqual({});
      expect(line.writes).toEqual([]);
    },
    systemMs,
  );

  test(
    'brought up again in the evening it closes its books, with what it held squared off',
    async () => {
      const file = join(home, 'accounts', 'mine', 'shadow', 'books.json');
      expect(readBooks(file)).toBeUndefined();
      await system.killAll();
      system = await bringUp({ marketAt: istInstant(date, '15:36'), hostAt: Date.now() });
      const closed = await eventually(() => readBooks(file), systemMs);
      expect(closed).toMatchObject({ date, holdings: [] });
      const { cash, openPositions } = await books();
      expect([cash, openPositions]).toEqual([closed.cash, []]);
      await system.client.workflow.getHandle(held.workflowId).result();
      await eventually(async () => {
        const told = await system.alertsOf('R261120SHD2');
        const wanted = ['position.closed_elsewhere', 'trade.closed'];
        return wanted.every((type) => told.includes(type)) || undefined;
      }, systemMs);
      expect(line.writes).toEqual([]);
    },
    systemMs,
  );

  test(
    'everything ends, and what it has recorded is found without it',
    async () => {
      expect(await system.stop()).toEqual([]);
      const { code, stderr } = await ratchet(
        ['compare', '--account', 'mine', '--date', date],
        home,
      );
      expect(code).toBe(1);
      expect(stderr).toContain(
        `account mine has no shadow day ${date} to compare: it was never opened`,
      );
    },
    systemMs,
  );
});
