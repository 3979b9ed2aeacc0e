// Goal: `ratchet export` writes files that sum to the ledger, from a database of ours or, with nothing running,
// from a live account's own cluster; a wrong span is one sentence with what there is.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Pool } from 'pg';
import { createLedgerActivities } from '../../activities/ledger';
import type { PositionView } from '../../domain/position';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise, shares, type Direction } from '../../domain/units';
import { accountFolder, clusterFolder, databaseName } from '../../infra/accountFolder';
import { readToolchain } from '../../infra/checkout';
import { freePort } from '../../infra/freePort';
import { openDatabase, startCluster } from '../../infra/postgres/cluster';
import { hasPostgres, migrate, quietPool, useDatabase } from '../support/database';
import { positionTerms } from '../support/positionTerms';
import { type CommandResult, newHome, processesOf, sourceRatchet } from '../support/ratchet';

const account = 'mine';
const days = ['2026-11-20', '2026-11-23'] as const;

/** A day of a long and a short, settled; its ledger's charges in paise. */
async function storeDay(pool: Pool, date: string): Promise<void> {
  const ledger = createLedgerActivities(pool, () => Promise.resolve());
  await ledger.openLedger(account, date, paise(100_000_000));
  for (const direction of ['LONG', 'SHORT'] as const) {
    const intentId = `R${date.slice(2).replaceAll('-', '')}${direction}`;
    const { intent } = positionTerms({ account, date, direction, intentId });
    await ledger.recordIntent(intent);
    const fills = (['entry', 'exit'] as const).map((order, index) => ({
      tradeId: `${intentId}${order}`,
      orderId: `${intentId}${order}`,
      side: sideOf(direction, order),
      quantity: shares(100),
      price: paise(150_000 + index * 777),
      at: epochMs(istInstant(date, '10:00') + index * 60_000),
    }));
    await ledger.recordPosition(intentId, { orders: [], fills, trail: null });
    await ledger.settlePosition(intentId, {} as PositionView);
  }
}

const sideOf = (direction: Direction, order: 'entry' | 'exit'): 'BUY' | 'SELL' =>
  (direction === 'LONG') === (order === 'entry') ? 'BUY' : 'SELL';

const ratchet = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandResult> =>
  sourceRatchet(['export', ...args], env);

const rowsIn = (file: string): Record<string, string>[] =>
  parse(readFileSync(file, 'utf8'), { columns: true });

const sum = (rows: readonly Record<string, string>[], column: string): number =>
  Math.round(rows.reduce((total, row) => total + Number(row[column]), 0) * 100);

(hasPostgres ? describe : describe.skip)('ratchet export', () => {
  const out = mkdtempSync(join(tmpdir(), 'ratchet-export-'));
  let pool: Pool;
  let env: NodeJS.ProcessEnv = {};
  useDatabase(async (made, { url }) => {
    pool = made;
    env = { ...process.env, DATABASE_URL: url };
    for (const day of days) await storeDay(pool, day);
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  const exported = (...args: string[]): Promise<CommandResult> =>
    ratchet([...args, '--account', account, '--out', out], env);

  test('sums to the ledger: profit, charges, and every transaction to zero', async () => {
    const result = await exported('--from', days[0], '--to', days[1], '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const { files } = JSON.parse(result.stdout) as { files: Record<string, string> };
    const [trades, charges, ledger] = ['trades', 'charges', 'ledger'].map((name) =>
      rowsIn(files[name] ?? ''),
    );
    if (trades === undefined || charges === undefined || ledger === undefined)
      throw new Error('a file is missing');
    const { rows } = await pool.query<{ pnl: string; charges: string }>(
      `select sum(amount) filter (where ledger_account = 'pnl') * -1 as pnl,
         sum(amount) filter (where starts_with(ledger_account, 'charges:')) as charges from ledger_entry`,
    );
    expect(trades.map(({ date, direction }) => `${date ?? ''} ${direction ?? ''}`)).toEqual(
      days.flatMap((day) => [`${day} LONG`, `${day} SHORT`]),
    );
    expect(sum(trades, 'gross_pnl')).toBe(Number(rows[0]?.pnl));
    expect(sum(trades, 'charges')).toBe(Number(rows[0]?.charges));
    expect(sum(charges, 'total')).toBe(Number(rows[0]?.charges));
    expect(sum(charges, 'stt')).toBe(sum(trades, 'stt'));
    expect(sum(trades, 'speculative_turnover')).toBe(4 * 77_700);
    expect(sum(ledger, 'debit')).toBe(sum(ledger, 'credit'));
  });

  test('of one day has that day alone', async () => {
    await exported('--from', '2026-11-21', '--to', days[1]);
    const file = join(out, `trades-${account}-2026-11-21-${days[1]}.csv`);
    expect(rowsIn(file).map(({ date }) => date)).toEqual([days[1], days[1]]);
  });

  test.each([
    [['--from', days[1], '--to', days[0]], '--from must not be after --to'],
    [
      ['--from', '2026-02-30', '--to', days[0]],
      'must be a calendar date like 2026-11-20, was "2026-02-30"',
    ],
    [['--from', '2025-01-01', '--to', '2025-12-31'], `its recorded days are ${days.join(', ')}`],
    [['--from', days[0]], "required option '--to <date>' not specified"],
  ])('%j is refused in a sentence', async (args, sentence) => {
    const { code, stderr } = await exported(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('of an account without records here says so', async () => {
    const bare = { ...env, DATABASE_URL: undefined, RATCHET_HOME: newHome() };
    const args = ['--from', days[0], '--to', days[1], '--account', 'nobody'];
    expect(await ratchet(args, bare)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no records of account nobody') as unknown,
    });
  });
});

// A cluster of its own is what DATABASE_URL stands for, so with it there is nothing to start.
const hasCluster = hasPostgres && process.env['DATABASE_URL'] === undefined;

(hasCluster ? test : test.skip)(
  'with nothing running, a live account’s own cluster is started, read and stopped',
  async () => {
    const home = newHome();
    const before = process.env['RATCHET_HOME'];
    process.env['RATCHET_HOME'] = home;
    const cluster = await startCluster({
      binaries: readToolchain().postgres ?? '',
      folder: clusterFolder(),
      logFile: join(home, 'postgres.log'),
      durable: false,
      port: await freePort(),
    });
    const { owner, writer } = await openDatabase(cluster, databaseName('live', account));
    await migrate(owner);
    const pool = quietPool({ url: writer });
    await storeDay(pool, days[0]);
    await pool.end();
    mkdirSync(accountFolder(account), { recursive: true });
    await cluster.child.stop();
    process.env['RATCHET_HOME'] = before;
    if (before === undefined) delete process.env['RATCHET_HOME'];
    const args = ['--from', days[0], '--to', days[0], '--account', account, '--out', home];
    const result = await ratchet(args, { ...process.env, RATCHET_HOME: home });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(rowsIn(join(home, `trades-${account}-${days[0]}-${days[0]}.csv`))).toHaveLength(2);
    expect(processesOf(cluster.place)).toEqual([]);
    expect(existsSync(join(home, 'run.lock'))).toBe(false);
    rmSync(cluster.place, { recursive: true, force: true });
  },
);
