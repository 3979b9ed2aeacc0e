// Goal: when many writes wait at the account's gate, the most urgent leaves first. A write nobody waits for
// any more is never sent.
import { WriteGate } from '../../../activities/broker/gate';

/** One write at a time, about a second apart, by a clock that only the tests move. */
const tight = { perSecond: 1, perMinute: 390, perDay: 4_800 };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A gate that has used its second up, and what it lets through from here on. */
async function crowdedGate(): Promise<{ gate: WriteGate; sent: string[] }> {
  const sent: string[] = [];
  const gate = new WriteGate(tight, [], (_, tag) => sent.push(tag));
  await gate.admit('trail', 'first');
  return { gate, sent };
}

test('an exit overtakes the trailing stops and entries that wait', async () => {
  const { gate, sent } = await crowdedGate();
  const waiting = [
    gate.admit('entry', 'entry'),
    gate.admit('trail', 'trail'),
    gate.admit('exit', 'exit'),
  ];
  await jest.advanceTimersByTimeAsync(10_000);
  await Promise.all(waiting);
  expect(sent).toEqual(['first', 'exit', 'trail', 'entry']);
});

test('a write given up while it waits is not sent', async () => {
  const { gate, sent } = await crowdedGate();
  const givenUp = new AbortController();
  const lost = gate.admit('trail', 'lost', givenUp.signal);
  const kept = gate.admit('trail', 'kept');
  givenUp.abort();
  await expect(lost).rejects.toThrow('given up before it was sent');
  await jest.advanceTimersByTimeAsync(10_000);
  await kept;
  expect(sent).toEqual(['first', 'kept']);
});

test('a write given up before it came is not sent', async () => {
  const sent: string[] = [];
  const gate = new WriteGate(tight, [], (_, tag) => sent.push(tag));
  await expect(gate.admit('stop', 'late', AbortSignal.abort())).rejects.toThrow('given up');
  expect(sent).toEqual([]);
});
