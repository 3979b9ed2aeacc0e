// Goal: the gateway's candles have no holes: started in mid-session, after a cut of the feed, with a tick of the
// year 2106 and late ones. The exchange is the broker; its own candles say what is right.
import type { Pool } from 'pg';
import { fillCandles, readCandles } from '../../activities/marketData/candles';
import { compareDay } from '../../activities/marketData/candleComparison';
import { readHoles, readPromise } from '../../activities/marketData/coverage';
import { feedFacts } from '../../activities/reports/feedFacts';
import { fixedCredentials, openBrokerReader } from '../../broker';
import { BrokerFailure } from '../../broker/failure';
import type { BrokerReader, FeedTick } from '../../broker/port';
import { requireWholeBars } from '../../domain/decision';
import type { Candle } from '../../domain/market/candle';
import type { FeedGap, Holes } from '../../domain/market/feedCoverage';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istInstant, istTime } from '../../domain/session/sessionClock';
import { epochMs, paise, type EpochMs } from '../../domain/units';
import { Backfill } from '../../workers/backfill';
import { CandleWriter } from '../../workers/candleWriter';
import { date, startBench, type Bench } from '../exchange/support';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../support/database';

const account = 'paper';
const names = ['INFY', 'VGUARD'];
const at = (time: string): EpochMs => istInstant(date, time);

(hasPostgres ? describe : describe.skip)('candles without holes', () => {
  let pool: Pool;
  let bench: Bench;
  let broker: BrokerReader;
  let candles: CandleWriter;
  let backfill: Backfill;
  let host: number;
  let gaps: FeedGap[];
  let database: TestDatabase;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });

  beforeEach(async () => {
    await unguarded(
      database,
      'truncate candle, candle_coverage, candle_comparison, tick_fault, feed, last_price',
    );
    bench = await startBench({ startAt: '09:00' });
    broker = openBrokerReader(fixedCredentials(bench.paper), { rest: bench.paper.rest });
    host = 1_000_000;
    gaps = [];
  });
  afterEach(() => bench.paper.close());

  /** A gateway's pieces on the exchange, as after a start of the process. */
  async function start(): Promise<void> {
    candles = await CandleWriter.open({
      pool,
      account,
      calendar: nseCalendar,
      marketClock: () =>
        Promise.resolve({ marketAt: bench.paper.exchange.now, hostAt: epochMs(host), speed: 1 }),
      gapNoticed: (gap) => gaps.push(gap),
      hostNow: () => epochMs(host),
    });
    backfill = new Backfill({
      broker,
      pool,
      account,
      candles,
      positions: () => [tokenOf('VGUARD')],
    });
    await candles.watch(
      names.map((tradingsymbol) => ({ tradingsymbol, token: tokenOf(tradingsymbol), band: null })),
    );
    await candles.connected();
  }

  const tapeOf = (
    name: string,
  ): NonNullable<ReturnType<Bench['paper']['exchange']['findTape']>> => {
    const tape = bench.paper.exchange.findTape(name);
    if (tape === undefined) throw new Error(`${name} is not listed`);
    return tape;
  };
  const tokenOf = (name: string): number => tapeOf(name).listing.instrumentToken;
  /** The stock as the ticker would tell it now. */
  const told = (name: string): FeedTick => {
    const { lastPrice: price, volume } = tapeOf(name);
    return { token: tokenOf(name), price, volume, at: bench.paper.exchange.now };
  };
  const trade = (name: string, quantity: number): FeedTick => {
    const { exchange } = bench.paper;
    const price = (name === 'INFY' ? 1_000 : 35_000) + 5 * (Math.floor(exchange.now / 7_000) % 3);
    exchange.print(name, paise(price), quantity);
    return told(name);
  };
  /** Lets the market go on second by second; what `hears` says no to is not told. */
  async function until(time: string, hears = true): Promise<void> {
    const { exchange } = bench.paper;
    while (exchange.now < at(time)) {
      bench.play(Math.min(1_000, at(time) - exchange.now));
      if (exchange.now < at('09:15')) continue;
      const ticks = names.map(told);
      if (exchange.now % 10_000 === 0) ticks.push(...names.map((name) => trade(name, 600)));
      if (!hears) continue;
      await candles.readClock();
      candles.take(ticks);
      if (exchange.now % 10_000 === 0) await candles.flush();
    }
    if (hears) await candles.flush();
  }
  const holesOf = async (name = 'INFY'): Promise<Holes | undefined> =>
    (await readHoles(pool, { account, date })).get(name);
  const stored = async (name = 'INFY'): Promise<readonly Candle[]> =>
    (await readCandles(pool, [name], at('09:00'), at('15:30'))).get(name) ?? [];
  /** The exchange's own candles before an instant. */
  const right = (time: string, name = 'INFY'): readonly Candle[] =>
    tapeOf(name).candles.filter((candle) => candle.at < at(time));
  async function fill(): Promise<void> {
    await candles.readClock();
    await backfill.step();
    await backfill.step();
    await candles.flush();
  }

  test('there from before the open: nothing is missing and nothing is asked for', async () => {
    await start();
    await until('09:18:10');
    expect(gaps).toEqual([]);
    expect(await holesOf()).toEqual([]);
    expect(istTime(await readPromise(pool, account))).toBe('09:18:00');
    expect(await stored()).toEqual(right('09:18'));
    expect(candles.nextFill(names)).toBeNull();
  });

  test('started in mid-session: a hole until the broker’s history has filled it', async () => {
    await until('09:44:34', false);
    await start();
    await until('09:45:02');
    expect(gaps).toEqual([{ from: at('09:15'), until: at('09:45'), stocks: 2 }]);
    await candles.flush();
    expect(await holesOf()).toEqual([{ from: at('09:15'), until: at('09:45') }]);
    expect(await stored()).toEqual([]);
    await until('09:45:10');
    // The stock with a position comes first.
    await backfill.step();
    expect([await holesOf('VGUARD'), (await holesOf())?.length]).toEqual([[], 1]);
    await fill();
    await until('09:47:10');
    expect(await holesOf()).toEqual([]);
    expect(await stored()).toEqual(right('09:47'));
    expect(() => requireWholeBars('INFY', [], at('09:50'))).not.toThrow();
  });

  test('the feed is cut: its minutes come from the broker, and no candle has the volume of the cut', async () => {
    await start();
    await until('09:51:20');
    await until('09:52:50', false);
    await candles.connected();
    candles.take(names.map(told));
    await until('09:54:10');
    expect(gaps).toEqual([{ from: at('09:51'), until: at('09:53'), stocks: 2 }]);
    const before = await stored();
    expect(before.map((candle) => istTime(candle.at).slice(0, 5)).slice(-3)).toEqual([
      '09:49',
      '09:50',
      '09:53',
    ]);
    expect(before.at(-1)).toEqual(right('09:54').at(-1));
    await fill();
    expect(await stored()).toEqual(right('09:54'));
    const facts = await feedFacts(pool, { account, date });
    expect(facts).toMatchObject({ comparedStocks: 2, differences: [], withHoles: [] });
    // Of each stock the 36 minutes that were made from ticks.
    expect(facts.comparedMinutes).toBe(72);
  });

  test('the process is stopped: what passed meanwhile is missing', async () => {
    await start();
    await until('09:30:20');
    await until('09:32:50', false);
    host += 150_000;
    candles.take(names.map(told));
    await candles.connected();
    expect(gaps).toEqual([{ from: at('09:30'), until: at('09:33'), stocks: 2 }]);
  });

  test('a gateway that falls and starts again knows what is whole', async () => {
    await start();
    await until('09:51:20');
    await until('09:52:50', false);
    await start();
    await until('09:53:10');
    expect(await holesOf()).toEqual([{ from: at('09:51'), until: at('09:53') }]);
    await fill();
    await until('09:55:10');
    expect(await stored()).toEqual(right('09:55'));
  });

  test('ticks of the future and of another day end nothing, and are counted', async () => {
    await start();
    await until('09:20:10');
    const wrong = (text: string): FeedTick => ({ ...told('INFY'), at: epochMs(Date.parse(text)) });
    candles.take([wrong('2106-02-07T06:28:15Z'), wrong('2026-11-19T15:29:59+05:30')]);
    await until('09:22:10');
    expect(istTime(await readPromise(pool, account))).toBe('09:22:00');
    expect(await stored()).toEqual(right('09:22'));
    const { tickFaults } = await feedFacts(pool, { account, date });
    expect(tickFaults).toEqual({ early: 1, future: 1 });
  });

  test('a tick ahead of the clock we know counts once the clock has been read', async () => {
    await start();
    await until('09:20:10');
    bench.play(8_000);
    candles.take([trade('INFY', 600)]);
    await until('09:22:10');
    expect(await stored()).toEqual(right('09:22'));
    expect((await feedFacts(pool, { account, date })).tickFaults).toEqual({});
  });

  test('a late tick lands in its minute until that is promised, and is counted after', async () => {
    await start();
    await until('09:20:50');
    bench.play(9_000);
    const ofSecond59 = trade('INFY', 5_000);
    bench.play(2_000);
    await candles.readClock();
    candles.take([trade('VGUARD', 600)]);
    await candles.flush();
    candles.take([ofSecond59]);
    await until('09:22:10');
    expect(await stored()).toEqual(right('09:22'));
    candles.take([{ ...told('INFY'), volume: tapeOf('INFY').volume + 50, at: at('09:21:59') }]);
    await until('09:23:10');
    expect((await feedFacts(pool, { account, date })).tickFaults).toEqual({ late: 1 });
  });

  test('a single price far from the others is in no candle and no last price', async () => {
    await start();
    await until('09:20:30');
    candles.take([{ ...told('INFY'), price: paise(1_300) }]);
    await candles.flush();
    const { rows } = await pool.query<{ ltp: string }>(
      `select ltp from last_price where tradingsymbol = 'INFY'`,
    );
    expect(Number(rows[0]?.ltp)).toBe(tapeOf('INFY').lastPrice);
    await until('09:21:10');
    expect((await stored()).at(-1)?.high).toBeLessThan(1_100);
    expect((await feedFacts(pool, { account, date })).tickFaults).toEqual({ outlier: 1 });
  });

  test('ticks without numbers are in no candle, end no process, and are counted', async () => {
    await start();
    await until('09:20:30');
    const good = told('INFY');
    const none = Number.NaN;
    candles.take([
      { ...good, price: none as typeof good.price },
      { ...good, at: none as typeof good.at },
      { ...good, volume: none },
      { ...good, price: -5 as typeof good.price },
    ]);
    await until('09:21:10');
    expect(await stored()).toEqual(right('09:21'));
    expect((await feedFacts(pool, { account, date })).tickFaults).toEqual({ unreadable: 4 });
  });

  test('a broker that does not answer is asked less and less, and the stock with a position comes after the others then', async () => {
    await until('09:44:34', false);
    await start();
    await until('09:45:10');
    const asked: number[] = [];
    const history: BrokerReader['history'] = ({ instrumentToken }) => {
      asked.push(instrumentToken);
      return Promise.reject(new BrokerFailure('busy', 'Too many requests'));
    };
    const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const filling = new Backfill({
      broker: { ...broker, history },
      ...{ pool, account, candles, positions: () => [tokenOf('VGUARD')] },
    });
    const pauses = [];
    for (let step = 0; step < 6; step += 1) pauses.push(await filling.step());
    told.mockRestore();
    expect(pauses).toEqual([3_000, 6_000, 12_000, 24_000, 30_000, 30_000]);
    const [held, other] = [tokenOf('VGUARD'), tokenOf('INFY')];
    expect(asked).toEqual([held, other, held, other, held, other]);
    expect((await holesOf())?.length).toBe(1);
  });

  test('an exchange that is closed misses nothing, and a new day begins anew', async () => {
    const saturday = istInstant('2026-11-21', '11:00');
    let marketAt = at('15:40');
    const writer = await CandleWriter.open({
      pool,
      account,
      calendar: nseCalendar,
      marketClock: () => Promise.resolve({ marketAt, hostAt: epochMs(host), speed: 1 }),
      gapNoticed: (gap) => gaps.push(gap),
      hostNow: () => epochMs(host),
    });
    await writer.watch([{ tradingsymbol: 'INFY', token: tokenOf('INFY'), band: null }]);
    gaps.length = 0;
    marketAt = saturday;
    await writer.connected();
    expect([gaps, writer.date, writer.nextFill(names)]).toEqual([[], '2026-11-21', null]);
  });

  test('the broker’s history does not write over a candle that was judged', async () => {
    await start();
    await until('09:18:10');
    const kept = await stored();
    const other = kept.map((candle) => ({ ...candle, close: paise(1) }));
    await fillCandles(
      pool,
      other.map((candle) => ({ tradingsymbol: 'INFY', candle })),
    );
    expect(await stored()).toEqual(kept);
  });

  test('the end of the day compares what was made from ticks, and the report’s facts have the difference', async () => {
    await start();
    await until('09:25:10');
    await pool.query(`update candle set volume = 74 where tradingsymbol = 'INFY' and at = $1`, [
      at('09:20'),
    ]);
    for (const [rank, name] of names.entries())
      await pool.query(
        `insert into screening values ($1, $2, $3, $4, true, '', $5, '{}') on conflict do nothing`,
        [account, date, name, rank, JSON.stringify({ instrumentToken: tokenOf(name) })],
      );
    await pool.query(
      `insert into session (account, date, plan) values ($1, $2, '{"clock": {"speed": 1}}') on conflict do nothing`,
      [account, date],
    );
    await compareDay({ pool, broker, calendar: nseCalendar }, { account, date });
    const { differences, comparedStocks } = await feedFacts(pool, { account, date });
    expect(comparedStocks).toBe(2);
    expect(differences.map((one) => [one.tradingsymbol, one.fields])).toEqual([
      ['INFY', ['volume']],
    ]);
  });
});
