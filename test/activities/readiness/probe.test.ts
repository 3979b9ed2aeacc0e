// Goal: whatever happens to the probe order on its way, what is said of it is true: cancelled is what the books
// show, and an order that may still trade is told with its id. The broker is the paper exchange.
import { sendProbe } from '../../../activities/readiness';
import { fixedCredentials, openBroker } from '../../../broker';
import type { Broker } from '../../../broker/port';
import type { ProbeResult } from '../../../domain/readiness';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { istInstant } from '../../../domain/session/sessionClock';
import { date, startBench, type Bench } from '../../exchange/support';

let bench: Bench;
let broker: Broker;
const told: string[] = [];

beforeEach(async () => {
  told.length = 0;
  bench = await startBench({ held: false, speed: 50 });
  broker = openBroker(fixedCredentials(bench.paper), { rest: bench.paper.rest });
});
afterEach(() => bench.paper.close());

const probe = (patienceMs = 30_000, time = '10:00'): Promise<ProbeResult> =>
  sendProbe({
    broker,
    calendar: nseCalendar,
    marketAt: istInstant(date, time),
    universe: ['INFY'],
    tell: (line) => told.push(line),
    patienceMs,
  });
const arm = (fault: object): Promise<unknown> => bench.admin('POST', '/paper/faults', fault);

test.each([
  ['cannot be reached', { kind: 'server-error', status: 503, times: 2 }],
  ['is busy', { kind: 'too-many-requests', times: 2 }],
  ['answers nothing readable', { kind: 'html-200', times: 1 }],
])('cancelled again where the broker %s', async (_, fault) => {
  await arm({ ...fault, on: 'cancel' });
  expect((await probe()).kind).toBe('proved');
});

test('an order whose answer is lost is found by its tag, and cancelled', async () => {
  await arm({ kind: 'execute-and-say-timed-out', on: 'place', times: 1 });
  expect((await probe()).kind).toBe('proved');
  expect(told).toEqual([expect.stringMatching(/^order of unknown outcome: 1 INFY, tag CHECK/)]);
  expect((await broker.books()).orders).toMatchObject([{ status: 'CANCELLED' }]);
});

test('an order that cannot be cancelled is told with its id', async () => {
  await arm({ kind: 'server-error', status: 503, on: 'cancel' });
  const result = await probe(1_500);
  const [order] = (await broker.books()).orders;
  expect(result).toMatchObject({ kind: 'notCancelled', orderId: order?.orderId });
  expect(told[0]).toContain(order?.orderId ?? 'no order');
});

test('an order that the books never show is not known to be cancelled', async () => {
  await arm({ kind: 'server-error', status: 503, on: 'orders' });
  expect(await probe(1_500)).toMatchObject({ kind: 'notCancelled' });
});

test('an order that may never have arrived is in doubt', async () => {
  await arm({ kind: 'lost-request', on: 'place', times: 1 });
  expect(await probe(1_500)).toMatchObject({ kind: 'inDoubt' });
});

test.each(['09:14', '15:16'])('at %s nothing is sent', async (time) => {
  const result = await probe(1_500, time);
  expect(result).toMatchObject({ kind: 'notSent' });
  expect(JSON.stringify(result)).toContain('the exchange is open from 09:15:00 to 15:15:00');
  expect((await broker.books()).orders).toEqual([]);
});
