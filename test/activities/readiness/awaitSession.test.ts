// Goal: a day that waits for a login goes on in the moment of the login, and knows what it waits for. The session is
// watched as in a worker, the broker is the paper exchange, the login a real one.
import { Secret } from '../../../domain/secret';
import { SessionWatch } from '../../../activities/broker';
import { createReadinessActivities, type ReadinessActivities } from '../../../activities/readiness';
import { openBroker, type BrokerCredentials } from '../../../broker';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { istInstant } from '../../../domain/session/sessionClock';
import { paise } from '../../../domain/units';
import { loadConfig } from '../../../infra/config/config';
import { date, requestToken, startBench, type Bench } from '../../exchange/support';

const credentials = { apiKey: 'key', apiSecret: 'secret', accessToken: 'yesterday' };
let bench: Bench;
let watch: SessionWatch;
let activities: ReadinessActivities;
let current: BrokerCredentials;
let marketTime: string;
const changed: ((credentials: BrokerCredentials) => void)[] = [];

beforeEach(async () => {
  changed.length = 0;
  current = { apiKey: 'key', accessToken: new Secret('yesterday') };
  marketTime = '08:45';
  bench = await startBench({ credentials });
  const source = {
    get current() {
      return current;
    },
    onChange: (tell: (one: BrokerCredentials) => void) => {
      changed.push(tell);
      return () => undefined;
    },
  };
  const broker = openBroker(source, { rest: bench.paper.rest });
  watch = new SessionWatch(broker, {
    lost: () => undefined,
    valid: () => undefined,
    back: () => undefined,
  });
  const watched = watch.watched(broker);
  activities = createReadinessActivities({
    config: loadConfig(),
    calendar: nseCalendar,
    broker: watched,
    profile: () => watch.profile(),
    books: () => watched.books(),
    login: () => 'https://login.example/',
    pool: null,
    installation: undefined,
    folder: '.ratchet',
    receivers: () => Promise.resolve([]),
    watch,
    marketClock: () => {
      const at = istInstant(date, marketTime);
      return Promise.resolve({ marketAt: at, hostAt: at, speed: 0 });
    },
    givenUp: () => new AbortController().signal,
  });
});
afterEach(() => {
  watch.stop();
  return bench.paper.close();
});

async function logIn(): Promise<void> {
  const token = await requestToken(bench.paper);
  const { access_token: accessToken } = await bench.kite.generateSession(token, 'secret');
  current = { apiKey: 'key', accessToken: new Secret(accessToken) };
  for (const tell of changed) tell(current);
  await watch.renewed();
}

test('with a session there is nothing to wait for', async () => {
  expect(await activities.awaitSession(date, 0)).toEqual({ proven: true });
});

test('yesterday’s token: what is missing is told at once, and a login ends the wait at once', async () => {
  await bench.admin('POST', '/paper/session/expire');
  expect(await activities.awaitSession(date, 0)).toEqual({
    proven: false,
    why: expect.stringContaining('TokenException') as string,
    login: 'https://login.example/',
    isOver: false,
  });
  const hourMs = 3_600_000;
  const waiting = activities.awaitSession(date, hourMs);
  await logIn();
  expect(await waiting).toEqual({ proven: true });
  const lines = await activities.readiness(date, paise(100));
  expect(lines.filter(({ ok }) => !ok)).toEqual([]);
});

test('while the session is lost, the list says so in every line that hangs on it', async () => {
  await bench.admin('POST', '/paper/session/expire');
  await activities.awaitSession(date, 0);
  const lines = await activities.readiness(date);
  expect(lines.filter(({ ok }) => !ok).map(({ id }) => id)).toEqual(
    'session user segments products cash lists installation'.split(' '),
  );
});

test('after the close there is nothing left to wait for', async () => {
  await bench.admin('POST', '/paper/session/expire');
  marketTime = '15:35';
  expect(await activities.awaitSession(date, 0)).toMatchObject({ proven: false, isOver: true });
});

test('a broker that does not answer is not taken for a session that is over', async () => {
  await bench.admin('POST', '/paper/faults', { kind: 'server-error', status: 503, times: 1 });
  const answer = await activities.awaitSession(date, 0);
  expect(answer).toMatchObject({ proven: false, why: 'the broker does not answer' });
  expect(await activities.awaitSession(date, 60_000)).toEqual({ proven: true });
});
