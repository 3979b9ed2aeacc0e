// Goal: a shadow beside a stand-in for the broker, at real speed: its position is opened and left at the stand-in's
// prices, and not one write reaches the stand-in. A session that ends is told by name, and a login ends that.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastTradingDay } from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istDate, istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise } from '../../domain/units';
import { writeSession } from '../../infra/brokerSession/sessionFile';
import { freePort } from '../../infra/freePort';
import { startPaperExchange, type PaperExchange } from '../../exchange/start';
import { CountedLine } from '../support/countedLine';
import { LiveSystem } from '../support/liveSystem';
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
    const clock = { marketAt: istInstant(date, '10:00'), hostAt: Date.now(), speed: 1 };
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
    system = await LiveSystem.up(home, ['--config', config, '--account', 'mine'], {
      RATCHET_STAND_IN_CLOCK: JSON.stringify(clock),
    });
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
