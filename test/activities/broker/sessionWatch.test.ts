// Goal: the first refusal of the session is told once and silences the line; a login brings everything back
// without a restart. The broker is the paper exchange with the unmodified client.
import { Secret } from '../../../domain/secret';
import { SessionWatch } from '../../../activities/broker';
import { openBroker, type BrokerCredentials } from '../../../broker';
import { BrokerFailure } from '../../../broker/failure';
import type { Broker } from '../../../broker/port';
import { paise, shares } from '../../../domain/units';
import { requestToken, startBench, type Bench } from '../../exchange/support';

let bench: Bench;
let broker: Broker;
let watch: SessionWatch;
const credentials = { apiKey: 'key', apiSecret: 'secret', accessToken: 'old' };
const news: string[] = [];
const changed: ((credentials: BrokerCredentials) => void)[] = [];

const entry = {
  tag: 'R261120AFUOTDEGE1',
  tradingsymbol: 'INFY',
  side: 'BUY',
  product: 'MIS',
  quantity: shares(1),
  pricing: { kind: 'LIMIT', price: paise(900) },
} as const;

beforeEach(async () => {
  news.length = 0;
  changed.length = 0;
  bench = await startBench({ credentials });
  const source = {
    current: { ...credentials, accessToken: new Secret(credentials.accessToken) },
    onChange: (tell: (credentials: BrokerCredentials) => void) => {
      changed.push(tell);
      return () => undefined;
    },
  };
  const opened = openBroker(source, { rest: bench.paper.rest });
  watch = new SessionWatch(opened, {
    lost: ({ why }) => news.push(`lost: ${why}`),
    valid: () => news.push('valid'),
    back: () => news.push('back'),
  });
  broker = watch.watched(opened);
});

afterEach(() => {
  watch.stop();
  return bench.paper.close();
});

async function lose(): Promise<void> {
  await broker.funds();
  await bench.admin('POST', '/paper/session/expire');
  await expect(broker.books()).rejects.toMatchObject({ kind: 'session' });
}

test('a session that answers is proven, and an entry may go', async () => {
  expect(await watch.prove()).toBe(true);
  expect(watch.session.kind).toBe('valid');
  expect((await broker.place(entry)).kind).toBe('accepted');
});

test('lost: told once in the broker’s words, entries unproven, writes turned away, nothing sent', async () => {
  await lose();
  await expect(broker.books()).rejects.toBeInstanceOf(BrokerFailure);
  expect(await watch.prove()).toBe(false);
  expect(await broker.place(entry)).toMatchObject({ kind: 'turnedAway' });
  expect(news).toEqual(['valid', expect.stringMatching(/^lost: .*TokenException/)]);
});

test('a login is taken up at once, without a restart, and told', async () => {
  await lose();
  const { access_token: accessToken } = await bench.kite.generateSession(
    await requestToken(bench.paper),
    credentials.apiSecret,
  );
  for (const tell of changed)
    tell({ apiKey: credentials.apiKey, accessToken: new Secret(accessToken) });
  await watch.renewed();
  expect(news.slice(2)).toEqual(['valid', 'back']);
  expect((await broker.books()).orders).toEqual([]);
  expect((await broker.place(entry)).kind).toBe('accepted');
});
