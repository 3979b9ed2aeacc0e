// Goal: a session is valid while it answers, lost from the first refusal on, and back only by an answer; people
// hear of each change once.
import {
  dueReminder,
  isProven,
  newsOf,
  proofMaxMs,
  sessionAfter,
  unproven,
  type BrokerSession,
  type BrokerSessionEvent,
} from '../../../domain/brokerSession';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs } from '../../../domain/units';

const at = (ms: number) => epochMs(1_000_000 + ms);
const answered = (ms: number): BrokerSessionEvent => ({ kind: 'answered', at: at(ms) });
const refused = (ms: number): BrokerSessionEvent => ({ kind: 'refused', at: at(ms), why: 'over' });

/** The session after the events, and what people were told meanwhile. */
function told(events: readonly BrokerSessionEvent[]): { session: BrokerSession; news: string[] } {
  const news: string[] = [];
  const session = events.reduce<BrokerSession>((before, event) => {
    const after = sessionAfter(before, event);
    const word = newsOf(before, after);
    if (word !== null) news.push(word);
    return after;
  }, unproven);
  return { session, news };
}

test('it is lost since the first refusal, however many follow, and told of once', () => {
  const { session, news } = told([answered(0), refused(10), refused(20), refused(30)]);
  expect(session).toEqual({ kind: 'lost', since: at(10), why: 'over' });
  expect(news).toEqual(['lost']);
});

test('a login alone proves nothing; the first answer after it does', () => {
  const renewed = told([answered(0), refused(10), { kind: 'renewed' }]);
  expect(renewed.session).toEqual({ kind: 'unproven', wasLost: true });
  const back = told([answered(0), refused(10), { kind: 'renewed' }, answered(20)]);
  expect(back.session).toEqual({ kind: 'valid', provenAt: at(20) });
  expect(back.news).toEqual(['lost', 'back']);
});

test('a first proof is no news, and neither is another login of a session that was well', () => {
  expect(told([answered(0), { kind: 'renewed' }, answered(10)]).news).toEqual([]);
});

test('a wrong login is told of as lost again', () => {
  expect(told([refused(0), { kind: 'renewed' }, refused(10)]).news).toEqual(['lost', 'lost']);
});

test.each([
  ['never proven', unproven, false],
  ['proven a minute ago', { kind: 'valid', provenAt: at(0) } as const, true],
  ['proven longer ago', { kind: 'valid', provenAt: at(-1) } as const, false],
  ['lost', { kind: 'lost', since: at(0), why: 'over' } as const, false],
])('a session %s lets an entry out: %s', (_, session, expected) => {
  expect(isProven(session, at(proofMaxMs))).toBe(expected);
});

describe('a login is wanted', () => {
  const due = (time: string, hours: readonly string[] | null = null): string | null =>
    dueReminder({ date: '2026-11-27', hours }, istInstant('2026-11-27', time));

  test.each([
    ['06:00', null],
    ['07:44:59', null],
    ['07:45', '07:45'],
    ['08:29', '07:45'],
    ['08:30', '08:30'],
    ['09:00', '09:00'],
    ['15:34', '09:00'],
    ['15:35', null],
    ['23:00', null],
  ])('at %s: %s', (time, expected) => {
    expect(due(time)).toBe(expected);
  });

  test('on a day of other hours, until they are over', () => {
    expect([due('17:00', ['18:00-19:00']), due('19:00', ['18:00-19:00'])]).toEqual(['09:00', null]);
  });
});
