// Goal: each fact is read where it lies, and a fault of it is found: stores that do not last or cannot be written,
// orders of ours that we have no record of, receivers that do not answer, an address told by nobody.
import { Secret } from '../../../domain/secret';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { webhookChannel } from '../../../activities/alerts/webhookChannel';
import { readAddress } from '../../../activities/readiness/address';
import { returnLease, takeLease } from '../../../activities/ledger/lease';
import { readOtherInstallation } from '../../../activities/readiness/otherInstallation';
import { readDatabase, readFolder } from '../../../activities/readiness/stores';
import { recordedReceivers, testReceivers } from '../../../activities/readiness';
import type { AccountOrder } from '../../../domain/orders/order';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise, shares } from '../../../domain/units';
import { intentIdOf } from '../../../domain/position';
import { hasPostgres, useDatabase } from '../../support/database';
import { WebhookReceiver } from '../../support/webhookReceiver';

describe('the folder', () => {
  test('is made, written down to the disk, and left as it was', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'ratchet-folder-')), 'accounts', 'mine');
    const { freeBytes } = await readFolder(path);
    expect(freeBytes).toBeGreaterThan(0);
    expect(readdirSync(path)).toEqual([]);
  });

  test('that cannot be made is told in the system’s words', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ratchet-folder-')), 'file');
    writeFileSync(file, '');
    await expect(readFolder(join(file, 'mine'))).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  (existsSync('/dev/shm') ? test : test.skip)('in memory is known for it', async () => {
    const { isInMemory } = await readFolder(mkdtempSync('/dev/shm/ratchet-folder-'));
    expect(isInMemory).toBe(true);
  });
});

const order = (tag: string | null, status = 'OPEN'): AccountOrder => ({
  orderId: '1',
  tag,
  tradingsymbol: 'INFY',
  side: 'BUY',
  product: 'MIS',
  orderType: 'LIMIT',
  status,
  statusMessage: null,
  quantity: shares(1),
  filledQuantity: shares(0),
  price: paise(100),
  trigger: paise(0),
  placedAt: epochMs(1),
  placedBy: 'ZX1234',
});
const tagOf = (installation: string): string =>
  intentIdOf('2026-11-20', 408_065, istInstant('2026-11-20', '10:00'), installation);

(hasPostgres ? describe : describe.skip)('the database', () => {
  let pool: Pool;
  let url = '';
  useDatabase((made, database) => {
    pool = made;
    url = database.url;
  });

  async function withOption<T>(option: string, work: (pool: Pool) => Promise<T>): Promise<T> {
    const other = new Pool({ connectionString: url, max: 1, options: `-c ${option}` });
    try {
      return await work(other);
    } finally {
      await other.end();
    }
  }

  test('is written, and nothing is left behind', async () => {
    await readDatabase(pool);
    const { rows } = await pool.query(`select to_regclass('check_write') as left`);
    expect(rows).toEqual([{ left: null }]);
  });

  test('one that loses its last writes, or takes none, is found', async () => {
    expect(await withOption('synchronous_commit=off', readDatabase)).toEqual({ isDurable: false });
    await expect(withOption('default_transaction_read_only=on', readDatabase)).rejects.toThrow(
      /read-only transaction/,
    );
  });

  describe('a second installation', () => {
    const ours = { account: 'mine', installation: 'AAA' };
    const found = (
      tags: readonly (string | null)[],
      status?: string,
    ): ReturnType<typeof readOtherInstallation> =>
      readOtherInstallation({ orders: tags.map((tag) => order(tag, status)) }, { ...ours, pool });

    test('is known by the tags of its orders; what our records know is ours', async () => {
      await pool.query(
        `insert into intent values ($1, 'mine', '2026-11-20', 'INFY', 'LONG', '{}', 1)`,
        [tagOf('OLD')],
      );
      const own = [null, 'CHECKT0ABCD', 'byhand', tagOf('AAA'), tagOf('OLD'), `${tagOf('OLD')}c`];
      expect(await found(own)).toBeNull();
      expect(await found([tagOf('AAA'), tagOf('BBB')])).toEqual({
        words: 'today’s books hold order 1 of installation BBB',
        isActive: true,
      });
      expect(await found([tagOf('BBB')], 'COMPLETE')).toMatchObject({ isActive: false });
    });

    test('is known by the lease it holds', async () => {
      await takeLease(pool, 'mine', { installation: 'AAA', host: 'here' });
      expect(await found([])).toBeNull();
      await returnLease(pool, 'mine', 'AAA');
      await takeLease(pool, 'mine', { installation: 'BBB', host: 'there' });
      expect(await found([])).toEqual({
        words: 'installation BBB on host there holds the lease of the account',
        isActive: true,
      });
      await returnLease(pool, 'mine', 'BBB');
    });

    test('is a question while our records are not up, and certain where there are none yet', async () => {
      const orders = [order(tagOf('BBB'))];
      await expect(readOtherInstallation({ orders }, { ...ours, pool: null })).rejects.toThrow(
        /run `ratchet up`/,
      );
      const never = { account: 'mine', installation: undefined, pool: null };
      expect(await readOtherInstallation({ orders }, never)).toMatchObject({ isActive: true });
      expect(await readOtherInstallation({ orders: [] }, never)).toBeNull();
    });
  });

  test('a receiver is judged by its newest delivery, and by none where there was none', async () => {
    const delivery = (channel: string, state: string, failures: number, at: number) =>
      pool.query(
        `with made as (insert into alert values ($1, 'mine', 'day.started', '{}', $5) returning id)
         insert into alert_delivery select id, $2, $3, $4::int, 'said 503', $5 from made`,
        [`${channel}-${at}`, channel, state, failures, at],
      );
    await delivery('well', 'failed', 3, 1_000);
    await delivery('well', 'delivered', 0, 2_000);
    await delivery('ill', 'delivered', 0, 1_000);
    await delivery('ill', 'waiting', 2, 2_000);
    await delivery('gone', 'gone', 0, 2_000);
    await delivery('under way', 'waiting', 0, 2_000);
    const channels = ['well', 'ill', 'gone', 'under way', 'new'].map((name) => ({ name }));
    expect(await recordedReceivers(pool, channels, 500)).toEqual([
      { channel: 'well', failure: null },
      { channel: 'ill', failure: 'said 503' },
      { channel: 'gone', failure: 'said 503' },
      { channel: 'under way', failure: null },
      { channel: 'new', failure: null },
    ]);
    expect(await recordedReceivers(pool, [{ name: 'ill' }], 3_000)).toEqual([
      { channel: 'ill', failure: null },
    ]);
  });
});

test('a person’s check sends every receiver a signed message that says it is a test', async () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const receiver = new WebhookReceiver(secret);
  const url = await receiver.listen();
  const channel = webhookChannel(
    { url, secrets: [new Secret(secret)] },
    { loopbackDevelopment: true },
  );
  expect(await testReceivers([channel], 'mine', Date.now())).toEqual([
    { channel: channel.name, failure: null },
  ]);
  expect(receiver.received.map(({ type }) => type)).toEqual(['check.test']);
  receiver.out = true;
  const [out] = await testReceivers([channel], 'mine', Date.now());
  expect(out?.failure).toBe('The endpoint answered 503.');
  await receiver.close();
});

describe('the address', () => {
  let echo: Server;
  let answer = '';
  let addressEcho = '';
  beforeAll(async () => {
    echo = createServer((_, response) => response.end(answer));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    addressEcho = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/`;
  });
  afterAll(() => echo.close());
  const broker = { localAddress: () => Promise.resolve('192.168.1.5') };

  test('is what a page outside tells, however it is written', async () => {
    answer = '2001:DB8:0:0:0:0:0:7\n';
    expect(await readAddress(broker, { staticAddress: '2001:db8::7', addressEcho })).toMatchObject({
      seenBy: 'echo',
      isStatic: true,
    });
    answer = '9.9.9.9';
    expect(await readAddress(broker, { staticAddress: '2001:db8::7', addressEcho })).toEqual({
      address: '9.9.9.9',
      seenBy: 'echo',
      isPublic: true,
      isStatic: false,
    });
  });

  test('is our own end of the line where no page is named', async () => {
    expect(await readAddress(broker, { staticAddress: '203.0.113.7' })).toEqual({
      address: '192.168.1.5',
      seenBy: 'socket',
      isPublic: false,
      isStatic: false,
    });
  });

  test('a page that tells no address, or does not answer, is named', async () => {
    answer = '<html>hello</html>';
    await expect(readAddress(broker, { addressEcho })).rejects.toThrow(
      /answered 200 and no address: "<html>/,
    );
    const dead = readAddress(broker, { addressEcho: 'http://127.0.0.1:9/' });
    await expect(dead).rejects.toThrow('addressEcho at 127.0.0.1:9 gave no answer');
  });
});
