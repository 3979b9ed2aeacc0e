// Goal: what a chat may ask, and what it reads.
import {
  commandOf,
  positionsText,
  statusText,
  type ChatCommand,
  type ChatPosition,
  type ChatStatus,
} from '../../../domain/alerts/chat';
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
