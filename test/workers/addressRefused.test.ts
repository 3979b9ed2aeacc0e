// Goal: an address the broker refuses is one alarm of the account and halts entries; after a person has
// allowed them again, the next refusal is another.
import type { Pool } from 'pg';
import type { AlertInput } from '../../activities/alerts';
import { latestHalt, recordHalt } from '../../activities/ledger/halts';
import { fixedCredentials, openBroker } from '../../broker';
import type { OrderRequest } from '../../domain/orders/order';
import { epochMs, paise, shares } from '../../domain/units';
import { addressRefused } from '../../workers/addressRefused';
import { startBench } from '../exchange/support';
import { orderActivities } from '../support/orderActivities';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../support/database';

const account = 'zx1234';
const said = 'IP (10.1.2.3) is not allowed to place orders for this app.';

(hasPostgres ? describe : describe.skip)('an address the broker refuses', () => {
  let pool: Pool;
  let raised: AlertInput[];
  let told: string[];
  let warnings: string[];
  let database: TestDatabase;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });
  beforeEach(async () => {
    await unguarded(database, 'truncate halt');
    raised = [];
    told = [];
    warnings = [];
  });
  const hearing = (raise = keep, tellDay = tell): ReturnType<typeof addressRefused> =>
    addressRefused({ account, pool, raise, tellDay, warn: (line) => warnings.push(line) });
  const keep = (alert: AlertInput): Promise<void> => Promise.resolve(void raised.push(alert));
  const tell = (reason: string): Promise<void> => Promise.resolve(void told.push(reason));
  const ids = (): ReadonlySet<string> => new Set(raised.map(({ id }) => id));

  test('halts entries, says why, and is the same alarm every time', async () => {
    const hear = hearing();
    await Promise.all([hear(said), hear(said)]);
    await hear(said);
    expect(await latestHalt(pool, account)).toMatchObject({
      halted: true,
      reason: `address refused: ${said}`,
      who: 'the worker',
    });
    expect(ids().size).toBe(1);
    expect(raised[0]).toMatchObject({
      account,
      type: 'broker.address_refused',
      body: { brokerSaid: said },
    });
    expect(told).toEqual([`address refused: ${said}`]);
  });

  test('a person’s halt stays theirs, and the alarm is raised all the same', async () => {
    await recordHalt(pool, account, { halted: true, reason: 'lunch', who: 'me' });
    await hearing()(said);
    expect(await latestHalt(pool, account)).toMatchObject({ halted: true, reason: 'lunch' });
    expect([ids().size, told.length]).toEqual([1, 0]);
  });

  test('after entries were allowed again, the next refusal halts and is another alarm', async () => {
    const hear = hearing();
    await hear(said);
    await pool.query(
      `insert into halt (account, host, halted, reason) select $1, max(host) + 1, false, 'resumed' from halt`,
      [account],
    );
    await hear(said);
    expect(ids().size).toBe(2);
  });

  test('an alarm that could not be raised is raised by the next refusal', async () => {
    const failing = (): Promise<void> => Promise.reject(new Error('no Temporal'));
    await hearing(failing)(said);
    expect(warnings).toEqual([expect.stringContaining('no Temporal')]);
    expect((await latestHalt(pool, account)).halted).toBe(true);
    await hearing()(said);
    expect(raised).toHaveLength(1);
  });

  test('a day that does not answer is named, and entries are halted', async () => {
    await hearing(keep, () => Promise.reject(new Error('no answer within 3 s')))(said);
    expect(warnings).toEqual([expect.stringContaining('no answer within 3 s')]);
    expect(raised).toHaveLength(1);
  });
});

test('the order activity hears the refusal of the exchange in its words, and nothing else', async () => {
  const bench = await startBench();
  const heard: string[] = [];
  const broker = openBroker(fixedCredentials(bench.paper), { rest: bench.paper.rest });
  const activities = orderActivities(broker, {
    addressRefused: (words) => void heard.push(words),
    lastPrice: () => Promise.resolve({ ltp: paise(1000), at: epochMs(0) }),
  });
  const order: OrderRequest = {
    tag: 'R261120A1TB2',
    tradingsymbol: 'INFY',
    side: 'SELL',
    product: 'MIS',
    quantity: shares(5),
    pricing: { kind: 'SL', trigger: paise(900), price: paise(890) },
  };
  try {
    await bench.admin('POST', '/paper/faults', { kind: 'ip-refused', times: 1 });
    const outcome = await activities.placeExit(order);
    expect(outcome).toMatchObject({ kind: 'rejected', because: 'address' });
    expect((await activities.placeExit(order)).kind).toBe('accepted');
    expect(heard).toEqual([expect.stringMatching(/^IP \(.*\) is not allowed to place orders/)]);
  } finally {
    await bench.paper.close();
  }
});
