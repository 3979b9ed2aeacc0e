// Goal: `ratchet compare` reads a shadow's and a live day from their two databases, sets them side by side, and
// says in one sentence which of the two is not there.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createLedgerActivities } from '../../activities/ledger';
import { claimRecords } from '../../activities/ledger/accountMode';
import type { DayComparison } from '../../domain/live/comparison';
import type { Mode } from '../../domain/live/mode';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istInstant } from '../../domain/session/sessionClock';
import { planSession } from '../../domain/session/sessionPlan';
import { databaseName } from '../../infra/accountFolder';
import {
  hasPostgres,
  onServer,
  quietPool,
  useDatabase,
  type TestDatabase,
} from '../support/database';
import { positionTerms } from '../support/positionTerms';
import { sourceRatchet, type CommandResult } from '../support/ratchet';

const account = `cmp-${randomBytes(4).toString('hex')}`;
const date = '2026-11-20';
const at = (time: string): number => istInstant(date, time);

interface Trade {
  readonly tradingsymbol: string;
  readonly entry: number;
  readonly exit: number;
  readonly net: number;
}

/** One trade of ten shares, in at 10:00 and out at 14:00. */
async function storeTrade(pool: Pool, { tradingsymbol, entry, exit, net }: Trade): Promise<void> {
  const intentId = `R261120${tradingsymbol}1`;
  const { intent } = positionTerms({ intentId, account, date });
  const instrument = { ...intent.instrument, tradingsymbol };
  await createLedgerActivities(pool, () => Promise.resolve()).recordIntent({
    ...intent,
    instrument,
  });
  const fills = [
    [`${intentId}e`, 'BUY', entry, at('10:00:05')],
    [`${intentId}x`, 'SELL', exit, at('14:00:00')],
  ] as const;
  for (const [order, side, price, when] of fills)
    await pool.query(
      'insert into fill (trade_id, order_id, intent_id, side, quantity, price, at) values ($1, $1, $2, $3, 10, $4, $5)',
      [order, intentId, side, price, when],
    );
  const view = {
    ...{ intentId, tradingsymbol, direction: 'LONG', phase: 'closed', quantity: 10, pnl: net },
    ...{ entryPrice: entry, exitPrice: exit, exitReason: null, ltp: null },
    ...{ desiredStop: null, confirmedStop: null, target: null },
  };
  await pool.query(
    'insert into position_result (intent_id, view, gross_pnl, charges, closed_host, date) values ($1, $2, $3, 0, 1, $4)',
    [intentId, view, net, date],
  );
}

async function storeDay(pool: Pool, mode: Mode, trades: readonly Trade[]): Promise<void> {
  await claimRecords(pool, account, mode);
  const clock = {
    marketAt: istInstant(date, '08:45'),
    hostAt: istInstant(date, '08:45'),
    speed: 1,
  };
  await pool.query('insert into session (account, date, plan) values ($1, $2, $3)', [
    ...[account, date, planSession(date, clock, nseCalendar)],
  ]);
  for (const trade of trades) await storeTrade(pool, trade);
}

(hasPostgres ? describe : describe.skip)('two days of one account', () => {
  let url = '';
  const made: TestDatabase[] = [];
  const pools: Pool[] = [];
  // Before the server is stopped, which useDatabase does.
  afterAll(async () => {
    for (const pool of pools) await pool.end();
    for (const database of made) await database.close();
  });
  useDatabase((_, { superuser }) => (url = superuser));

  const recordsOf = async (mode: Mode): Promise<Pool> => {
    const database = await onServer(url, databaseName(mode, account));
    made.push(database);
    const pool = quietPool(database);
    pools.push(pool);
    return pool;
  };

  const ratchet = (databaseUrl: string, ...args: string[]): Promise<CommandResult> =>
    sourceRatchet([...args, '--account', account], { ...process.env, DATABASE_URL: databaseUrl });

  const compare = (...args: string[]): Promise<CommandResult> =>
    ratchet(url, 'compare', '--date', date, ...args);

  test('without either, then without one of them, it says which', async () => {
    expect((await compare()).stderr).toContain(
      `account ${account} has no shadow day ${date} to compare: there is no database ${databaseName('shadow', account)}`,
    );
    await storeDay(await recordsOf('shadow'), 'shadow', [
      { tradingsymbol: 'INFY', entry: 99_900, exit: 100_500, net: 5_000 },
      { tradingsymbol: 'TCS', entry: 200_000, exit: 199_000, net: -12_000 },
    ]);
    const live = await recordsOf('live');
    const { code, stderr } = await compare();
    expect(code).toBe(1);
    expect(stderr).toContain(
      `account ${account} has no live day ${date} to compare: it was never opened`,
    );
    await storeDay(live, 'live', [
      { tradingsymbol: 'INFY', entry: 100_000, exit: 100_500, net: 4_000 },
    ]);
  });

  test('side by side: pairs with their prices, what one day alone traded, and totals', async () => {
    const { stdout, stderr, code } = await compare();
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`SHADOW / LIVE account ${account}, session ${date}`);
    expect(lines[2]).toMatch(
      /^INFY +LONG +10:00:05 \/ 10:00:05 +10 \/ 10 +₹999\.00 \/ ₹1,000\.00 +\+10\.0 .*₹50\.00 \/ ₹40\.00$/,
    );
    expect(lines.slice(3)).toEqual([
      'only shadow: TCS LONG 10, in 10:00:05 at ₹2,000.00, out 14:00:00 at ₹1,990.00, −₹120.00 after charges',
      'shadow: 2 trades, 20 shares, −₹70.00 after charges',
      'live: 1 trades, 10 shares, ₹40.00 after charges',
      'shadow less live: −₹110.00',
      "1 made by both; the shadow's prices against the live ones, basis points on average (+ is better): entries +10.0, exits 0.0",
    ]);
    const compared = JSON.parse((await compare('--json')).stdout) as DayComparison;
    expect(compared.pairs[0]).toMatchObject({ entryBetterBps: 10, exitBetterBps: 0 });
    expect(compared.onlyShadow).toHaveLength(1);
  });

  test('lists and the report of the shadow say that it is one', async () => {
    const [{ url: shadowUrl } = { url: '' }] = made;
    const out = mkdtempSync(join(tmpdir(), 'ratchet-report-'));
    const [positions, portfolio, alerts, report] = await Promise.all([
      ratchet(shadowUrl, 'positions', '--date', date),
      ratchet(shadowUrl, 'portfolio', '--date', date),
      ratchet(shadowUrl, 'alerts', 'list'),
      ratchet(shadowUrl, 'report', '--date', date, '--out', out),
    ]);
    const begins = (printed: CommandResult): string =>
      (printed.stdout || printed.stderr).split('\n')[0] ?? '';
    expect(begins(positions)).toBe(`SHADOW account ${account}, session ${date}`);
    expect(begins(portfolio)).toBe(`SHADOW account ${account}, session ${date}`);
    expect(begins(alerts)).toBe(`SHADOW account ${account}`);
    expect(report.code).toBe(0);
    expect(readFileSync(join(out, `report-${account}-${date}.html`), 'utf8')).toContain(
      `<h1>Trading day ${date} · SHADOW account ${account}</h1>`,
    );
  });
});
