// Goal: a shadow's exchange keeps its port over days and nights. Until somebody is logged in, and after the day,
// a waiting room tells the time there and nothing else; the day opens with what the account has.
import { Secret } from '../../domain/secret';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrokerReader, type BrokerCredentials, type CredentialSource } from '../../broker';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istInstant } from '../../domain/session/sessionClock';
import { ShadowDays } from '../../workers/shadow/days';
import { readBooks } from '../../exchange/books/booksFile';
import { CountedLine } from '../support/countedLine';
import { startBench, until, type Bench } from '../exchange/support';

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
let login: Login;
let days: ShadowDays;
let folder: string;
let address: string;

/** Starts them at a market time. */
async function startAt(date: string, time: string): Promise<void> {
  const place = {
    address: { rest: await line.open(), feed: broker.paper.ticker },
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
