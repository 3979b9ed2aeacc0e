// Goal: state machine, tick gate and limiter hold every invariant against the real exchange engine, whatever
// fails, and the simulation notices when they do not. The long run is `npm run sim -- --sessions 20000 --seed
// 1`; this part runs with every test.
import { hunt, sentencesIn } from './hunt';
import { plantedBugs } from './plantedBugs';
import { playSession } from './session';

const sessions = 300;
/** More than the slowest of them takes; see docs/reliability.md. */
const seedsPerBug = 2_000;

const played = new Map(
  Array.from({ length: sessions }, (_, index) => [index + 1, playSession(index + 1)]),
);

test(`${sessions} seeded sessions hold every invariant`, () => {
  const failing = [...played]
    .map(([seed, result]) => ({ seed, sentences: sentencesIn(result) }))
    .filter(({ sentences }) => sentences.length > 0);
  expect(failing).toEqual([]);
});

test('one seed is one session: the record is the same to the byte', () => {
  const [one, other] = [playSession(7), playSession(7)];
  expect(JSON.stringify(one.record)).toBe(JSON.stringify(other.record));
  expect(one.record.lines.length).toBeGreaterThan(50);
});

test('every kind of fault strikes in those sessions', () => {
  const struck = new Set([...played.values()].flatMap(({ faults }) => Object.keys(faults)));
  expect([...struck].sort()).toEqual(
    expect.arrayContaining([
      'booksFail',
      'cancel-fill-race',
      'crash',
      'executeAndTimeout',
      'foreignExit',
      'gap',
      'invisible-order',
      'killSwitch',
      'lateExecution',
      'lock',
      'lostRequest',
      'lostTick',
      'lostUpdate',
      'reject-order',
      'rejectAtOnce',
      'silentFeed',
      'spikeTick',
      'stuck',
      'stuck-pending',
      'tooManyRequests',
    ]),
  );
});

test('what can happen to a position meets every state it can meet', () => {
  const reached = new Set([...played.values()].flatMap(({ cells }) => [...cells]));
  expect([...reached]).toEqual(
    expect.arrayContaining([
      'sending/hold/exitWanted',
      'sending/leave/entryAnswered',
      'inDoubt/hold/booksRead',
      'inDoubt/leave/finished',
      'dead/hold/finished',
      'sent/hold/crossed',
      'sent/hold/exitAnswered',
      'sent/hold/modifyAnswered',
      'sent/hold/policyChanged',
      'sent/hold/tightened',
      'sent/hold/cancelAnswered',
      'sent/leave/crossed',
      'sent/leave/exitAnswered',
      'sent/leave/modifyAnswered',
      'sent/leave/cancelAnswered',
      'sent/done/reported',
      'sending/hold/reported',
      'sent/hold/reported',
      'sent/hold/carried',
    ]),
  );
});

test.each(plantedBugs)('the planted bug $name is noticed ($lesson)', ({ machine }) => {
  expect(hunt(machine, seedsPerBug)).toMatchObject({ seeds: expect.any(Number) as number });
});
