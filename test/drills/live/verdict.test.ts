// Goal: the drill's judge counts what is wrong and nothing else.
import { intentIdOf } from '../../../domain/position';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs } from '../../../domain/units';
import { duplicateEntries, entriesIn, entriesOnHoles, uncoveredMaxMs } from './verdict';

const clock = { marketAt: epochMs(100_000), hostAt: epochMs(0), speed: 2 };

test('uncovered time counts outside of dark spans only, in host time', () => {
  const span = { tag: 'R1', from: 100_000, until: 120_000 };
  expect(uncoveredMaxMs([span], clock, [])).toBe(10_000);
  expect(uncoveredMaxMs([span], clock, [{ from: 1_000, until: 8_000 }])).toBe(2_000);
  expect(
    uncoveredMaxMs([span], clock, [
      { from: -1, until: 9_000 },
      { from: 2_000, until: 20_000 },
    ]),
  ).toBe(0);
  expect(uncoveredMaxMs([], clock, [])).toBe(0);
});

const date = '2026-11-20';
const tagOf = (time: string, installation: string): string =>
  intentIdOf(date, 408_065, istInstant(date, time), installation);
const place = (tag: string, side: string, time: string, tradingsymbol = 'INFY') => ({
  kind: 'place',
  tag,
  side,
  tradingsymbol,
  marketAt: istInstant(date, time),
});

test('an entry and its stop are one entry; a second order on its side, a second in the minute, and a stranger’s are not', () => {
  const own = tagOf('10:00', 'AAA');
  const good = [place(own, 'BUY', '10:00'), place(own, 'SELL', '10:00')];
  expect(duplicateEntries(good, 'AAA')).toBe(0);
  expect(duplicateEntries([...good, place(own, 'BUY', '10:01')], 'AAA')).toBe(1);
  expect(duplicateEntries([...good, place(tagOf('10:05', 'BBB'), 'BUY', '10:05')], 'AAA')).toBe(1);
  expect(duplicateEntries([...good, place(tagOf('10:01', 'AAA'), 'BUY', '10:00')], 'AAA')).toBe(1);
  expect(entriesIn(good)).toEqual([
    {
      tag: own,
      tradingsymbol: 'INFY',
      at: istInstant(date, '10:00'),
      decidedOn: istInstant(date, '10:00'),
    },
  ]);
});

test('an entry counts as on a hole until the history of the stock was there', () => {
  const entries = entriesIn([place(tagOf('10:00', 'AAA'), 'BUY', '10:00')]);
  const hole = {
    tradingsymbol: 'INFY',
    from: istInstant(date, '09:50'),
    filledAt: istInstant(date, '10:01'),
  };
  expect(entriesOnHoles(entries, [hole])).toBe(1);
  expect(entriesOnHoles(entries, [{ ...hole, filledAt: istInstant(date, '09:59') }])).toBe(0);
  expect(entriesOnHoles(entries, [{ ...hole, tradingsymbol: 'TCS' }])).toBe(0);
  expect(entriesOnHoles(entries, [{ ...hole, from: istInstant(date, '10:00') + 1 }])).toBe(0);
});
