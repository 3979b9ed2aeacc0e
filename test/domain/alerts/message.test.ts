// Goal: a person understands an alert at once: which account, which stock, at what price, what to do.
import type { Alert } from '../../../domain/alerts/alert';
import { otherAlerts, positionAlerts } from '../../../domain/alerts/catalogue';
import { alertFields, type FieldName } from '../../../domain/alerts/fields';
import { isQuiet, messageOf } from '../../../domain/alerts/message';

const catalogue: Readonly<Record<string, Alert>> = { ...positionAlerts, ...otherAlerts };
const samples = { text: '₹1.00', number: 7, flag: true } as const;
const bodyOf = (type: string): Record<string, string | number | boolean> => {
  const names: readonly FieldName[] = [
    ...(type in positionAlerts ? (['intentId', 'tradingsymbol', 'direction'] as const) : []),
    ...(catalogue[type]?.body ?? []),
  ];
  return Object.fromEntries(names.map((name) => [name, samples[alertFields[name].kind]]));
};
const told = (type: string, body: Record<string, string | number | boolean>): string =>
  messageOf({ account: 'zx1234', type, timestamp: '2026-11-27T04:28:05.000Z', body }, 'live');

const position = { intentId: 'R1', tradingsymbol: 'NTPC', direction: 'LONG' } as const;

test.each<[string, Record<string, string | number | boolean>, string]>([
  [
    'trade.opened',
    {
      ...{ quantity: 479, price: '₹335.20', stop: '₹331.85', target: '₹341.90' },
      why: 'LONG trade executed due to breakout',
    },
    `LIVE account zx1234
Opened NTPC (long): 479 shares at ₹335.20. Stop ₹331.85, target ₹341.90. Why: LONG trade executed due to breakout
2026-11-27 09:58:05 IST`,
  ],
  [
    'protection.stop_not_moved',
    { wanted: '₹338.00', refusals: 3, brokerSaid: 'InputException: too far' },
    `LIVE account zx1234 · WARNING
NTPC (long): the broker refused 3 times to move the stop to ₹338.00. The old stop still rests. The broker said: InputException: too far
What to do: Read why, and put it right; moving is tried again by itself.
2026-11-27 09:58:05 IST`,
  ],
  [
    'trade.closed',
    {
      ...{ quantity: 1, entry: '₹335.20', exit: '₹331.80', why: 'stop' },
      ...{ pnlAfterCharges: '−₹4.12', charges: '₹0.72' },
    },
    `LIVE account zx1234
Closed NTPC (long) by its stop: 1 share, in at ₹335.20, out at ₹331.80. Result −₹4.12 after ₹0.72 of charges.
2026-11-27 09:58:05 IST`,
  ],
])('%s', (type, own, expected) => {
  expect(told(type, { ...position, ...own })).toBe(expected);
});

test.each(Object.keys(catalogue))('%s says its account and leaves nothing out', (type) => {
  const text = told(type, bodyOf(type));
  expect(text).toMatch(/^LIVE account zx1234/);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  expect(text.split('\n').length).toBeGreaterThan(2);
});

test('an alert that this version does not know is told with its fields', () => {
  expect(told('fuel.low', { litres: 3 })).toContain('fuel.low\nlitres: 3');
  expect(isQuiet('fuel.low')).toBe(false);
});

test('a message is never longer than a receiver takes', () => {
  expect(told('day.failed', { why: 'x'.repeat(10_000) }).length).toBeLessThanOrEqual(4_000);
});
