// The line between us and the broker, broken: what was sent is never taken for what happened.
import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { BrokerFailure, type FailureKind } from '../failure';
import type { ContractCases, LineFault, Venue } from './venue';
import { limit, ours, request } from './requests';

const placeUnder = async (
  venue: Venue,
  fault: LineFault,
): Promise<{ kind: string; orders: number }> => {
  await venue.breakLine(fault);
  const { kind } = await venue.broker.place(request(venue, limit(venue, -20)));
  venue.settle();
  return { kind, orders: (await ours(venue)).length };
};

async function failsAs(kind: FailureKind, reading: Promise<unknown>): Promise<void> {
  const error = await reading.then(
    () => assert.fail('the reading succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BrokerFailure, `threw ${String(error)}`);
  assert.equal(error.kind, kind, error.message);
}

export const lineCases: ContractCases = {
  L1: {
    holds: 'An order whose answer is lost is in doubt, and is found in the book by its tag.',
    run: async (venue) => {
      assert.deepEqual(await placeUnder(venue, 'answerLost'), { kind: 'inDoubt', orders: 1 });
    },
  },
  L2: {
    holds: 'An order of which the broker says that it timed out is in doubt: it may exist.',
    run: async (venue) => {
      assert.deepEqual(await placeUnder(venue, 'saysTimedOut'), { kind: 'inDoubt', orders: 1 });
    },
  },
  L3: {
    holds: 'An order beyond the allowed rate is turned away: it does not exist.',
    run: async (venue) => {
      assert.deepEqual(await placeUnder(venue, 'tooMany'), { kind: 'turnedAway', orders: 0 });
    },
  },
  L4: {
    holds: 'An order sent to a broker that is down is in doubt.',
    run: async (venue) => {
      assert.equal((await placeUnder(venue, 'down')).kind, 'inDoubt');
    },
  },
  L5: {
    holds: 'An answer that cannot be read is in doubt, never an acceptance.',
    run: async (venue) => {
      assert.equal((await placeUnder(venue, 'page')).kind, 'inDoubt');
      assert.equal((await placeUnder(venue, 'cutOff')).kind, 'inDoubt');
    },
  },
  L6: {
    holds: 'A book that cannot be read is a failure that says why, never an empty book.',
    run: async (venue) => {
      await venue.breakLine('page');
      await failsAs('unreadable', venue.broker.books());
      await venue.breakLine('tooMany');
      await failsAs('busy', venue.broker.books());
      await venue.breakLine('down');
      await failsAs('unreachable', venue.broker.books());
    },
  },
  L7: {
    holds: 'Once the session is over, readings fail as `session` and writes are turned away.',
    run: async (venue) => {
      await venue.endSession();
      await failsAs('session', venue.broker.books());
      await failsAs('session', venue.broker.funds());
      const outcome = await venue.broker.place(request(venue, limit(venue, -20)));
      assert.equal(outcome.kind, 'turnedAway');
    },
  },
  L8: {
    holds: 'The broker’s clock and our end of the line are told without a session.',
    run: async (venue) => {
      await venue.endSession();
      const asked = Date.now();
      const told = await venue.broker.serverTime();
      const [early, late] = [asked - venue.clockAheadMs, Date.now() - venue.clockAheadMs];
      assert.equal(told % 1_000, 0);
      assert.ok(told > early - 1_000 && told <= late, `told ${told} between ${early} and ${late}`);
      assert.ok(isIP(await venue.broker.localAddress()) > 0);
    },
  },
};
