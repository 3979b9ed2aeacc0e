// Goal: in the morning of a trading day people without a session are told where to log in, once for each reminder,
// and nobody is who has one. The session is watched as in the worker; the broker is the paper exchange.
import { SessionWatch } from '../../activities/broker';
import { fixedCredentials, openBroker } from '../../broker';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istInstant } from '../../domain/session/sessionClock';
import { LoginReminder } from '../../workers/loginReminder';
import { startBench, type Bench } from '../exchange/support';

let bench: Bench;
let watch: SessionWatch;
let raised: unknown[];
let at: readonly [date: string, time: string];
let reminder: LoginReminder;

beforeEach(async () => {
  bench = await startBench();
  raised = [];
  const broker = openBroker(fixedCredentials(bench.paper), { rest: bench.paper.rest });
  const silent = { lost: () => undefined, valid: () => undefined, back: () => undefined };
  watch = new SessionWatch(broker, silent);
  reminder = newReminder();
});
afterEach(() => {
  watch.stop();
  return bench.paper.close();
});

/** A worker that has just started. */
const newReminder = (): LoginReminder =>
  new LoginReminder({
    watch,
    calendar: nseCalendar,
    marketClock: () => {
      const marketAt = istInstant(...at);
      return Promise.resolve({ marketAt, hostAt: marketAt, speed: 0 });
    },
    loginAddress: () => 'https://login.example/',
    raise: (type, key, body) => {
      raised.push([type, key, body]);
      return Promise.resolve();
    },
  });

async function lookAt(time: string, date = '2026-11-20'): Promise<readonly unknown[]> {
  at = [date, time];
  await reminder.look();
  await reminder.look();
  return raised.splice(0);
}
const wanted = (key: string): readonly unknown[] => [
  ['login.wanted', key, { date: '2026-11-20', login: 'https://login.example/' }],
];
const expire = (): Promise<unknown> => bench.admin('POST', '/paper/session/expire');

test('told once at 07:45, 08:30 and 09:00 while nobody is logged in', async () => {
  await expire();
  expect(await lookAt('07:44')).toEqual([]);
  expect(await lookAt('07:45')).toEqual(wanted('2026-11-20-07:45'));
  expect(await lookAt('08:30:20')).toEqual(wanted('2026-11-20-08:30'));
  expect(await lookAt('09:10')).toEqual(wanted('2026-11-20-09:00'));
  expect(await lookAt('15:35')).toEqual([]);
});

test('nobody is told who is logged in; a session that ends later is told at the next reminder', async () => {
  expect(await lookAt('07:45')).toEqual([]);
  await expire();
  await watch
    .reader()
    .funds()
    .catch(() => undefined);
  expect(await lookAt('08:00')).toEqual([]);
  expect(await lookAt('08:30')).toEqual(wanted('2026-11-20-08:30'));
});

test('a worker that starts late tells at once', async () => {
  await expire();
  reminder = newReminder();
  expect(await lookAt('11:00')).toEqual(wanted('2026-11-20-09:00'));
});

test('a day without a session of the exchange, or without a list, wants no login', async () => {
  await expire();
  expect(await lookAt('09:00', '2026-11-21')).toEqual([]);
  expect(await lookAt('09:00', '2027-11-22')).toEqual([]);
});

test('a broker that does not answer is asked again before anybody is told', async () => {
  const fault = { kind: 'server-error', status: 503, times: 2 };
  await bench.admin('POST', '/paper/faults', fault);
  expect(await lookAt('07:45')).toEqual([]);
  await expire();
  expect(await lookAt('07:46')).toEqual(wanted('2026-11-20-07:45'));
});
