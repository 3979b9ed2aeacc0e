// Goal: a shadow's exchange keeps its port over days and nights. Until somebody is logged in, and after the day,
// a waiting room tells the time there and nothing else; the day opens with what the account has, and one that was
// killed with the books it had.
import { Secret } from '../../domain/secret';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrokerReader, type BrokerCredentials, type CredentialSource } from '../../broker';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istInstant } from '../../domain/session/sessionClock';
import { paise } from '../../domain/units';
import { ShadowDays } from '../../workers/shadow/days';
import { readBooks } from '../../exchange/books/booksFile';
import { CountedLine } from '../support/countedLine';
import {
  infyOrder,
  kiteClient,
  startBench,
  until,
  type Bench,
  type KiteClient,
} from '../exchange/support';

const keys = { apiKey: 'made', apiSecret: 'up', accessToken: 'here' };
const headers = { authorization: 'token made:here' };

class Login implements CredentialSource {
  current: BrokerCredentials = { apiKey: 'none', accessToken: new Secret('none') };
  readonly #changed: ((credentials: BrokerCredentials) => void)[] = [];

  onChange(changed: (credentials: BrokerCredentials) => void): () => void {
    this.#changed.push(changed);
    return () => undefined;
  }

  as({ apiKey, accessToken }: Bench['paper']): void {
    this.current = { apiKey, accessToken: new Secret(accessToken) };
    for (const changed of this.#changed) changed(this.current);
  }
}

let broker: Bench;
let line: CountedLine;
let lineAddress: string;
let login: Login;
let days: ShadowDays;
let folder: string;
let address: string;
let people: string[];

/** Starts them at a market time. */
async function startAt(date: string, time: string): Promise<void> {
  const place = {
    address: { rest: lineAddress, feed: broker.paper.ticker },
    credentials: login,
    loginAddress: () => '',
  };
  days = new ShadowDays({
    folder,
    calendar: nseCalendar,
    keys,
    user: 'ZX1234',
    cash: undefined,
    place,
    reader: openBrokerReader(login, place.address),
    clockAheadMs: istInstant(date, time) - Date.now(),
    notResumed: ({ message }) => people.push(message),
  });
  const port = await days.enter(0);
  address = `http://127.0.0.1:${port}`;
  void days.run(port);
}

const ask = (path: string, method = 'GET'): Promise<Response> =>
  fetch(`${address}${path}`, { method, headers });

async function dateHere(): Promise<string> {
  const { data } = (await (await ask('/paper/clock')).json()) as { data: { date: string } };
  return data.date;
}

const isOpen = async (): Promise<boolean> =>
  (await ask('/user/profile').catch(() => undefined))?.ok === true;

beforeEach(async () => {
  jest.spyOn(console, 'error').mockReturnValue(undefined);
  broker = await startBench();
  line = new CountedLine(broker.paper.rest);
  lineAddress = await line.open();
  people = [];
  login = new Login();
  folder = mkdtempSync(join(tmpdir(), 'ratchet-shadow-'));
});

afterEach(async () => {
  await days.stop();
  line.close();
  await broker.paper.close();
});

test('it waits for a login, and opens on the same port with the account’s own cash', async () => {
  await startAt('2026-11-20', '10:00');
  await until(() => line.asked.length > 0);
  expect(await dateHere()).toBe('2026-11-20');
  const refused = await ask('/orders/regular', 'POST');
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error_type: 'NetworkException' });
  login.as(broker.paper);
  await until(isOpen);
  const { data: profile } = (await (await ask('/user/profile')).json()) as { data: object };
  expect(profile).toMatchObject({ user_id: 'ZX1234' });
  const { data: books } = (await (await ask('/paper/books')).json()) as { data: object };
  expect(books).toMatchObject({ openingCash: 10_000_000 });
  expect(line.writes).toEqual([]);
});

test('before the morning of the session it asks the broker for nothing', async () => {
  login.as(broker.paper);
  await startAt('2026-11-23', '08:29:58');
  expect(await dateHere()).toBe('2026-11-23');
  expect([await isOpen(), line.asked]).toEqual([false, []]);
  await until(isOpen);
});

test('at six the next morning the day is over, its books are kept, and the next is waited for', async () => {
  login.as(broker.paper);
  await startAt('2026-11-21', '05:59:57');
  await until(isOpen);
  expect(await dateHere()).toBe('2026-11-20');
  await until(async () => (await dateHere().catch(() => '')) === '2026-11-23');
  expect(await isOpen()).toBe(false);
  expect(readBooks(join(folder, 'books.json'))).toMatchObject({
    date: '2026-11-20',
    cash: 10_000_000,
    universe: 'days told by the broker',
  });
});

describe('a session that is killed', () => {
  const session = '2026-11-20';
  const journal = (): string => join(folder, `journal-${session}.jsonl`);
  const kite = (): KiteClient => kiteClient({ rest: address, ...keys });

  async function openAt(date: string, time: string): Promise<void> {
    await startAt(date, time);
    await until(isOpen);
  }

  /** As often as it is too soon. */
  async function asked<T>(question: (client: KiteClient) => Promise<T>): Promise<T> {
    const answers: T[] = [];
    await until(async () => {
      try {
        answers.push(await question(kite()));
      } catch (error) {
        if (!(error as Error).message.includes('Too many requests')) throw error;
      }
      return answers.length > 0;
    });
    const [answer] = answers;
    if (answer === undefined) throw new Error('there was no answer');
    return answer;
  }

  const place = async (more: object): Promise<string> =>
    (await asked((client) => client.placeOrder('regular', infyOrder(more) as never))).order_id;

  const statusOf = async (orderId: string): Promise<unknown> =>
    (await asked((client) => client.getOrders())).find((order) => order.order_id === orderId)
      ?.status;

  /** Everything that is asked of the books. */
  const told = async (): Promise<object> => ({
    orders: await asked((client) => client.getOrders()),
    trades: await asked((client) => client.getTrades()),
    triggers: await asked((client) => client.getGTTs()),
    books: ((await (await ask('/paper/books')).json()) as { data: object }).data,
  });

  /** A hundred shares held, with a stop, another order at rest, and a trigger. */
  async function hold(): Promise<{ readonly stop: string }> {
    await asked((client) => client.getQuote(['NSE:INFY']));
    const entry = await place({ price: 10.2 });
    await until(async () => (await statusOf(entry)) === 'COMPLETE');
    const sell = { transaction_type: 'SELL' };
    const stop = await place({ ...sell, order_type: 'SL', trigger_price: 9.5, price: 9.4 });
    const resting = await place({ product: 'CNC', price: 9 });
    await until(async () => (await statusOf(stop)) === 'TRIGGER PENDING');
    await until(async () => (await statusOf(resting)) === 'OPEN');
    const leg = { ...sell, product: 'CNC', order_type: 'LIMIT', quantity: 100 };
    const trigger = {
      trigger_type: 'two-leg',
      tradingsymbol: 'INFY',
      exchange: 'NSE',
      trigger_values: [8, 13],
      last_price: 10,
      orders: [8, 13].map((price) => ({ ...leg, price })),
    };
    await asked((client) => client.placeGTT(trigger as never));
    return { stop };
  }

  test('goes on with the books it had, again after a second kill, and its stop is met by the first price after', async () => {
    login.as(broker.paper);
    await openAt(session, '10:00');
    const { stop } = await hold();
    const before = await told();
    await days.stop();
    // Down, the price goes through the stop and comes back; the kill has cut a line, and a write of the books.
    broker.paper.exchange.print('INFY', paise(900), 500);
    broker.paper.exchange.print('INFY', paise(1_010), 500);
    appendFileSync(journal(), '{"at":"2026-11-20 10:0');
    writeFileSync(join(folder, 'books.json.new'), '{"form');

    await openAt(session, '10:20');
    expect(await told()).toEqual(before);
    await days.stop();
    await openAt(session, '10:40');
    expect(await told()).toEqual(before);
    const next = await place({ transaction_type: 'BUY', price: 9.1 });
    expect(BigInt(next) - BigInt(stop)).toBe(2n);
    const story = readFileSync(journal(), 'utf8').trimEnd().split('\n');
    const kinds = story.map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds.filter((kind) => kind === 'session')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'resumed')).toHaveLength(2);

    await days.stop();
    broker.paper.exchange.print('INFY', paise(945), 500);
    await openAt(session, '11:00');
    await until(async () => (await statusOf(stop)) === 'COMPLETE');
    expect((await asked((client) => client.getPositions())).net).toMatchObject([
      { product: 'MIS', quantity: 0 },
    ]);
    expect(line.writes).toEqual([]);
    expect(broker.paper.exchange.desk.all()).toEqual([]);
  });

  test('and is down at its square-off is squared off with the first price after', async () => {
    login.as(broker.paper);
    await openAt(session, '10:00');
    const { stop } = await hold();
    await days.stop();
    await openAt(session, '15:14');
    await until(
      async () => (await asked((client) => client.getPositions())).net[0]?.quantity === 0,
    );
    expect(await statusOf(stop)).toBe('CANCELLED');
    const trades = await asked((client) => client.getTrades());
    expect(trades.map((trade) => [trade.transaction_type, trade.quantity])).toEqual([
      ['BUY', 100],
      ['SELL', 100],
    ]);
    expect(readBooks(join(folder, 'books.json'))).toBeUndefined();
  });

  test('and misses its end is closed before the next opens, at the last price', async () => {
    login.as(broker.paper);
    await openAt(session, '10:00');
    await hold();
    await days.stop();
    broker.paper.exchange.print('INFY', paise(1_100), 500);
    await startAt('2026-11-23', '08:29:58');
    await until(isOpen);
    const books = readBooks(join(folder, 'books.json'));
    expect(books).toMatchObject({ date: session, holdings: [], closes: {} });
    // A hundred shares were bought at about ten rupees and left at eleven; the broker's fee is 59.
    expect(books?.cash).toBeGreaterThan(10_000_000 + 10_000 - 5_900 - 3_000);
    expect(books?.cash).toBeLessThan(10_000_000 + 10_000 - 5_900);
    expect(await dateHere()).toBe('2026-11-23');
    expect(await asked((client) => client.getOrders())).toEqual([]);
    expect(await asked((client) => client.getGTTs())).toMatchObject([{ status: 'active' }]);
    expect(((await told()) as { books: object }).books).toMatchObject({ openingCash: books?.cash });
  });

  test('and whose journal is damaged is told of, and stays closed until the file is moved away', async () => {
    login.as(broker.paper);
    await openAt(session, '10:00');
    await hold();
    await days.stop();
    const text = readFileSync(journal(), 'utf8');
    writeFileSync(journal(), text.replace('"kind":"fill"', '"kind":"fee"'));
    await startAt(session, '10:20');
    await until(() => people.length > 0);
    expect(people[0]).toContain(`the killed session of ${session} cannot be rebuilt: line `);
    expect(await isOpen()).toBe(false);
    expect(existsSync(join(folder, 'books.json'))).toBe(false);
    renameSync(journal(), `${journal()}.old`);
    await until(isOpen);
    expect(await asked((client) => client.getOrders())).toEqual([]);
    expect(people).toHaveLength(1);
  });
});
