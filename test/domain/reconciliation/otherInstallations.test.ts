// Goal: another Ratchet on the account is known by its tags, and nothing of ours or a stranger's is taken for it.
import type { BookOrder } from '../../../domain/orders/order';
import { intentIdOf } from '../../../domain/position';
import { otherInstallations } from '../../../domain/reconciliation';
import { istInstant } from '../../../domain/session/sessionClock';
import { bookOrder } from '../../support/bookOrder';

const date = '2026-11-20';
const tagOf = (minute: string, installation?: string): string =>
  intentIdOf(date, 408_065, istInstant(date, minute), installation);
const order = (orderId: string, tag: string | null): BookOrder => bookOrder({ orderId, tag });
const mine = 'A1B';

test('two installations that decide on one bar send different tags', () => {
  expect(tagOf('10:00', mine)).not.toBe(tagOf('10:00', 'ZZ9'));
});

test('the newest order of each other is found, corrections included', () => {
  const orders = [
    order('1', tagOf('10:00', mine)),
    order('2', tagOf('10:05', 'ZZ9')),
    order('3', `${tagOf('10:05', 'ZZ9')}c`),
    order('4', tagOf('10:05', 'B22')),
  ];
  expect(otherInstallations(orders, new Set(), mine)).toEqual([
    {
      kind: 'otherInstallation',
      installation: 'ZZ9',
      orderId: '3',
      tag: `${tagOf('10:05', 'ZZ9')}c`,
    },
    { kind: 'otherInstallation', installation: 'B22', orderId: '4', tag: tagOf('10:05', 'B22') },
  ]);
});

test('what our records know is ours, as after a move to another machine', () => {
  const tag = tagOf('10:00', 'OLD');
  expect(otherInstallations([order('1', tag)], new Set([tag]), mine)).toEqual([]);
});

test.each([null, 'MYOWNTAG', 'R1T1', 'R261120TENAT1'])(
  'an order with the tag %s names nobody',
  (tag) => {
    expect(otherInstallations([order('1', tag)], new Set(), mine)).toEqual([]);
  },
);
