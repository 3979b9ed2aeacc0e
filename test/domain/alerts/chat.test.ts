// Goal: what a chat may ask, and what it reads.
import {
  commandOf,
  positionsText,
  statusText,
  type ChatCommand,
  type ChatPosition,
  type ChatStatus,
} from '../../../domain/alerts/chat';
import { istInstant } from '../../../domain/session/sessionClock';
import { paise, shares } from '../../../domain/units';

test.each<[string, ChatCommand | null]>([
  ['/status', { kind: 'status' }],
  [' /POSITIONS ', { kind: 'positions' }],
  ['/halt', { kind: 'halt', reason: '' }],
  ['/halt@RatchetBot  too\nwild', { kind: 'halt', reason: 'too wild' }],
  [`/halt ${'x'.repeat(500)}`, { kind: 'halt', reason: 'x'.repeat(150) }],
  ['/resume now', { kind: 'resume' }],
  ['/start', { kind: 'help' }],
  ['halt', null],
  ['please /halt', null],
  ['/', null],
  ['', null],
])('%j', (text, expected) => {
  expect(commandOf(text)).toEqual(expected);
});

const position: ChatPosition = {
  tradingsymbol: 'NTPC',
  direction: 'SHORT',
  phase: 'protected',
  unknownSince: null,
  quantity: shares(479),
  entryPrice: paise(33520),
  confirmedStop: paise(33855),
  target: paise(32850),
  ltp: paise(33400),
  pnl: paise(57480),
};
const status: ChatStatus = {
  ...{ mode: 'shadow', account: 'zx1234', date: '2026-11-27', ignored: 0 },
  day: { phase: 'trading', barsAnalysed: 12 },
  halt: { halted: false, reason: '' },
  lostSince: null,
  positions: [position, { ...position, phase: 'closed', pnl: paise(-7480) }],
};

test('status: which account, whether entries are allowed, what is open', () => {
  expect(statusText(status)).toBe(`SHADOW account zx1234, session 2026-11-27
Day: trading, 12 bars analysed
Entries: allowed
Positions: 1 open, 1 closed; ₹500.00 before charges`);
});

test('status: a halt, a silent day and strangers are said', () => {
  const halt = { halted: true, reason: 'by Telegram' };
  const text = statusText({ ...status, day: null, halt, ignored: 3 });
  expect(text).toContain('does not answer');
  expect(text).toContain('HALTED (by Telegram)');
  expect(text).toContain('other chats ignored: 3');
});

test('positions: only open ones, and a missing stop stands out', () => {
  const bare = { ...position, phase: 'unprotected', confirmedStop: null };
  expect(positionsText([bare, { ...position, phase: 'closed' }])).toBe(
    `NTPC short, 479 shares, unprotected
in at ₹335.20, last ₹334.00, ₹574.80
stop at the broker NONE, target ₹328.50`,
  );
  expect(positionsText([])).toBe('No position is open.');
});

test('a lost session: what is not known is not shown', () => {
  const since = istInstant('2026-11-27', '09:58:05');
  const lost = { ...position, phase: 'unknown', confirmedStop: null, unknownSince: since };
  expect(positionsText([lost])).toContain("UNKNOWN since 09:58:05: the broker's session is lost");
  expect(positionsText([lost])).not.toContain('stop at the broker');
  expect(statusText({ ...status, lostSince: since })).toContain(
    'Session at the broker LOST since 09:58:05: positions are not known',
  );
});

test('status: a day that waits for a login, or is not ready, says so', () => {
  const day = {
    ...{ phase: 'waitingForLogin', barsAnalysed: 0 },
    waitingForLogin: { login: 'https://login.example/' },
    notReady: [{ id: 'clock', found: 'at least 29.4 s behind the broker’s' }],
  };
  const text = statusText({ ...status, day });
  expect(text).toContain('Nobody is logged in: https://login.example/');
  expect(text).toContain('Not ready, nothing is entered: clock: at least 29.4 s behind');
});
