// Goal: whatever is changed, removed, inserted, reordered or emptied in the chained records behind the database's back
// is found and named, and so is a chain that was rewritten whole; rows written at once by many never wait for each
// other in a circle, and rows from before the chain are sealed.
// Method: a database of its own; records written by our own activities as the writer; damage by a superuser for whom
// no trigger fires.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type Pool } from 'pg';
import { createLedgerActivities } from '../../../activities/ledger';
import { auditHeads, chainedRecords, verifyAudit } from '../../../activities/ledger/auditChain';
import { latestHalt, recordHalt } from '../../../activities/ledger/halts';
import { inTransaction, post } from '../../../activities/ledger/records';
import { createReportActivities } from '../../../activities/reports';
import type { AuditFault } from '../../../domain/audit/verdict';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { planSession } from '../../../domain/session/sessionPlan';
import { epochMs, paise } from '../../../domain/units';
import {
  hasPostgres,
  migrateSome,
  onServer,
  quietPool,
  unguarded,
  useDatabase,
  type TestDatabase,
} from '../../support/database';
import { rupeeForRupee } from '../../support/rupeeForRupee';
import { sourceRatchet, type CommandResult } from '../../support/ratchet';

const account = 'audited';
const date = '2026-11-27';
const bareDatabase = 'ratchet_before_the_chain';

(hasPostgres ? describe : describe.skip)('the audit chain', () => {
  let pool: Pool;
  let serving: Pool;
  let database: TestDatabase;
  // Before the server is stopped, which useDatabase does.
  afterAll(() => serving.end());
  useDatabase((made, opened) => {
    pool = made;
    serving = quietPool({ url: opened.databases.serving });
    database = opened;
  });

  const tamper = (statement: string): Promise<void> => unguarded(database, statement);
  const tables = [...Object.keys(chainedRecords), 'audit_chain', 'session'].join(', ');

  async function order(name: string, status: string, filled: number): Promise<void> {
    await pool.query(
      `insert into broker_order values ($1, 'I1', 'BUY', 'LIMIT', $2, null, 10, $3, 1000, 0, 1)
       on conflict (order_id) do update set status = excluded.status, filled_quantity = excluded.filled_quantity`,
      [name, status, filled],
    );
  }

  beforeEach(async () => {
    await tamper(`truncate ${tables} cascade`);
    const ledger = createLedgerActivities(pool, () => Promise.resolve());
    await ledger.openLedger(account, date, paise(1_000_000));
    await pool.query(`insert into intent values ('I1', $1, $2, 'INFY', 'LONG', $3, 1)`, [
      account,
      date,
      { policy: rupeeForRupee, none: null },
    ]);
    await order('O1', 'OPEN', 0);
    await order('O2', 'OPEN', 0);
    for (const trade of ['T1', 'T2', 'T3'])
      await pool.query(
        `insert into fill (trade_id, order_id, intent_id, side, quantity, price, at) values ($1, 'O1', 'I1', 'BUY', 1, 1000, 1)`,
        [trade],
      );
    await order('O1', 'COMPLETE', 10);
    await recordHalt(pool, account, { halted: true, reason: 'lunch', who: 'me' });
    await recordHalt(pool, account, { halted: false, reason: 'resumed', who: 'me' });
    await recordHalt(pool, 'other', { halted: true, reason: 'another account', who: 'me' });
    await serving.query(
      `insert into model_change (at, model, candidate, changed_by, change, reason, stable, server) values (1, 'm', '2', 'me', 'begin', 'r', '1', 's')`,
    );
  });

  const verify = (chosen?: string): ReturnType<typeof verifyAudit> => verifyAudit(pool, chosen, []);
  async function firstFault(): Promise<Pick<AuditFault, 'kind' | 'record' | 'key'> | undefined> {
    const [first] = (await verify()).faults;
    return first === undefined
      ? undefined
      : { kind: first.kind, record: first.record, key: first.key };
  }

  test('agrees with untouched records, one chain an account and one of the installation', async () => {
    const { faults, heads, links } = await verify();
    expect(faults).toEqual([]);
    expect(heads.map((head) => [head.account, head.position])).toEqual([
      ['', 1],
      [account, 12],
      ['other', 1],
    ]);
    expect(links).toBe(14);
  });

  test('an update that changes nothing is no new version', async () => {
    await order('O1', 'COMPLETE', 10);
    expect((await auditHeads(pool, account))[0]).toMatchObject({ account, position: 12 });
    await order('O1', 'COMPLETE', 11);
    expect((await auditHeads(pool, account))[0]).toMatchObject({ position: 13 });
    expect((await verify()).faults).toEqual([]);
  });

  test('every chained table of the schema is walked, and none else', async () => {
    const { rows } = await pool.query<{ name: string; args: string }>(
      `select c.relname as name, encode(t.tgargs, 'escape') as args from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgname = 'audit_chained'`,
    );
    const inDatabase = rows.map(({ name, args }) => [name, args.split('\\000').filter(Boolean)]);
    expect(Object.fromEntries(inDatabase)).toEqual(
      Object.fromEntries(Object.entries(chainedRecords).map(([name, { key }]) => [name, key])),
    );
  });

  const broken: readonly (readonly [string, string, AuditFault['kind'], string, string])[] = [
    ['a changed fill', `update fill set price = 1 where trade_id = 'T2'`, 'changed', 'fill', 'T2'],
    [
      'a changed posting',
      `update ledger_entry set amount = amount + 1`,
      'changed',
      'ledger_entry',
      '',
    ],
    [
      'a changed halt',
      `update halt set reason = 'x' where reason = 'lunch'`,
      'changed',
      'halt',
      account,
    ],
    [
      'an order’s status turned back',
      `update broker_order set status = 'OPEN' where order_id = 'O1'`,
      'changed',
      'broker_order',
      'O1',
    ],
    ['an intent given away', `update intent set account = 'other'`, 'changed', 'intent', 'I1'],
    ['a removed fill', `delete from fill where trade_id = 'T3'`, 'removed', 'fill', 'T3'],
    [
      'the last row removed',
      `delete from halt where reason = 'resumed'`,
      'removed',
      'halt',
      account,
    ],
    [
      'an inserted fill',
      `insert into fill values ('T9', 'O1', 'I1', 'BUY', 1, 1, 1)`,
      'inserted',
      'fill',
      'T9',
    ],
    [
      'an inserted resume',
      `insert into halt values ('${account}', 1, false, 'me')`,
      'inserted',
      'halt',
      account,
    ],
    [
      'two rows that change places',
      `update fill set price = 7 where trade_id = 'T1'; update fill set trade_id = 'T0' where trade_id = 'T1'; update fill set trade_id = 'T1' where trade_id = 'T2'; update fill set trade_id = 'T2' where trade_id = 'T0'`,
      'changed',
      'fill',
      'T2',
    ],
    [
      'two links that change places',
      `update audit_chain set position = case position when 7 then 70 when 8 then 7 end where account = '${account}' and position in (7, 8); update audit_chain set position = 8 where position = 70`,
      'link',
      'fill',
      'T2',
    ],
    [
      'a link changed with its row',
      `update fill set price = 1 where trade_id = 'T1'; update audit_chain set content = sha256('x') where key like '%T1%'`,
      'link',
      'fill',
      'T1',
    ],
    [
      'a row removed with its link',
      `delete from fill where trade_id = 'T1'; delete from audit_chain where key like '%T1%'`,
      'gap',
      'fill',
      'T2',
    ],
    ['an emptied table', 'truncate fill', 'removed', 'fill', 'T1'],
    ['an emptied chain', 'truncate audit_chain', 'inserted', 'intent', 'I1'],
  ];
  test.each(broken)('%s is found and named', async (_, statement, kind, record, key) => {
    await tamper(statement);
    const first = await firstFault();
    expect(first).toMatchObject({ kind, record });
    expect(first?.key).toContain(key);
  });

  test('of one account nothing is said of another’s', async () => {
    await tamper(`update halt set reason = 'x' where account = 'other'`);
    expect((await verify(account)).faults).toEqual([]);
    expect((await verify('other')).faults).toHaveLength(1);
  });

  test('a chain that was rewritten or cut is found by a head written down before', async () => {
    const [head] = await auditHeads(pool, account);
    const hash = head?.hash ?? '';
    const written = [{ account, hash, where: 'the report' }];
    await recordHalt(pool, account, { halted: true, reason: 'later', who: 'me' });
    expect((await verifyAudit(pool, undefined, written)).faults).toEqual([]);
    await tamper(
      `delete from halt where account = '${account}'; delete from audit_chain where account = '${account}' and record = 'halt'`,
    );
    expect((await verify()).faults).toEqual([]);
    const { faults } = await verifyAudit(pool, undefined, written);
    expect(faults).toEqual([
      { kind: 'head', account, position: null, record: 'the report', key: hash },
    ]);
  });

  test('many writers at once, in opposite orders, all commit and leave one chain', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `X${index}`);
    const wide = quietPool({ url: database.url });
    const writing = (order: readonly string[]): Promise<void> =>
      inTransaction(wide, async (client) => {
        for (const name of order)
          await post(
            client,
            { account, date },
            {
              id: name,
              what: 'x',
              postings: [
                { account: 'cash', amount: paise(1) },
                { account: 'equity', amount: paise(-1) },
              ],
            },
          );
      });
    const pairs = names.flatMap((name) => [
      writing([name]),
      recordHalt(wide, account, { halted: true, reason: name, who: 'me' }),
    ]);
    await Promise.all([
      ...pairs,
      writing([...names].slice(0, 3)),
      ...names.map(() => order('O2', 'OPEN', 0)),
    ]);
    await wide.end();
    const { faults, heads } = await verify(account);
    expect(faults).toEqual([]);
    expect(heads[0]?.position).toBe(12 + 12 * 3 + 12);
    const { rows } = await pool.query(`select 1 from halt where account = $1`, [account]);
    expect(rows).toHaveLength(14);
    expect((await latestHalt(pool, account)).halted).toBe(true);
  });

  test('two transactions that wait for the same row do not wait for the chain meanwhile', async () => {
    const [left, right] = [0, 1].map(() => new Client({ connectionString: database.url }));
    if (left === undefined || right === undefined) throw new Error('no clients');
    await Promise.all([left.connect(), right.connect()]);
    const insert = `insert into halt values ('${account}', $1, true, 'x') on conflict do nothing`;
    await Promise.all([left.query('begin'), right.query('begin')]);
    await left.query(insert, [1]);
    await right.query(insert, [2]);
    // It waits for the other's row; were the head of the chain locked by now, neither could go on.
    const waiting = left.query(insert, [2]);
    await right.query('commit');
    await waiting;
    await left.query('commit');
    await Promise.all([left.end(), right.end()]);
    expect((await verify()).faults).toEqual([]);
  });

  test('rows from before the chain are sealed when it comes', async () => {
    const older = await onServer(database.superuser, bareDatabase);
    try {
      await unguarded(older, 'drop schema public cascade; create schema public');
      await migrateSome(older.superuser, (number) => number < 160);
      await unguarded(
        older,
        `insert into intent values ('I1', 'a', '2026-11-26', 'X', 'LONG', '{}', 1), ('I2', 'b', '2026-11-26', 'X', 'LONG', '{}', 1);
         insert into ledger_transaction values ('t', 'a', '2026-11-26', 'x');
         insert into ledger_entry values ('t', 'cash', 1), ('t', 'equity', -1)`,
      );
      await migrateSome(older.superuser, (number) => number >= 160);
      const olderPool = quietPool({ url: older.superuser });
      const { faults, heads } = await verifyAudit(olderPool, undefined, []);
      await olderPool.end();
      expect(faults).toEqual([]);
      expect(heads.map((head) => [head.account, head.position])).toEqual([
        ['a', 4],
        ['b', 1],
      ]);
    } finally {
      await older.close();
    }
  });

  describe('ratchet audit verify', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ratchet-audit-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const run = (...args: string[]): Promise<CommandResult> =>
      sourceRatchet(['audit', 'verify', ...args], {
        ...process.env,
        DATABASE_URL: database.databases.reader,
      });

    test('says that all is well, and names the first broken row with exit code 1', async () => {
      const [head] = await auditHeads(pool, account);
      const known = ['--account', account, '--head', head?.hash ?? ''];
      const well = await run(...known);
      expect(well).toMatchObject({ code: 0, stderr: '' });
      expect(well.stdout).toContain('✓ 12 links agree with the records and with 1 heads');
      await tamper(`update fill set price = 1 where trade_id = 'T2'`);
      const bad = await run(...known);
      expect(bad).toMatchObject({ code: 1, stderr: '' });
      expect(bad.stdout).toContain('✗ fill ["O1", "T2"]: the row has been changed');
      const wrong = await run('--account', account, '--head', 'f'.repeat(64), '--json');
      expect(wrong.code).toBe(1);
      const { faults } = JSON.parse(wrong.stdout) as { faults: AuditFault[] };
      expect(faults.map(({ kind }) => kind)).toEqual(['changed', 'head']);
    });

    test('a report keeps the head, and the log hears it', async () => {
      await pool.query(`insert into session (account, date, plan) values ($1, $2, $3)`, [
        account,
        date,
        planSession(date, { marketAt: epochMs(0), hostAt: epochMs(0), speed: 1 }, nseCalendar),
      ]);
      const noted: string[] = [];
      await createReportActivities(pool, folder, undefined, (line) => noted.push(line)).writeReport(
        account,
        date,
      );
      const [head] = await auditHeads(pool, account);
      expect(noted[0]).toContain(`link 12, ${head?.hash ?? ''}`);
      expect((await run('--account', account, '--reports', folder)).stdout).toContain('2 heads');
      await tamper(`truncate ${tables} cascade`);
      const cut = await run('--account', account, '--reports', folder);
      expect(cut.code).toBe(1);
      expect(cut.stdout).toContain(`report-${account}-${date}.html ${head?.hash ?? ''}`);
    });
  });
});
