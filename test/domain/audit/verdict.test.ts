// Goal: of everything that is wrong the row that was written first is told first, by table, key and what is wrong.
import { faultSentence, inOrder, type AuditFault } from '../../../domain/audit/verdict';

const fault = (kind: AuditFault['kind'], position: number | null): AuditFault => ({
  kind,
  position,
  account: 'paper',
  record: 'fill',
  key: '["O1", "T1"]',
});

test('faults come in the order of their links, rows without a link after them, heads last', () => {
  const found = [
    fault('head', null),
    fault('inserted', null),
    fault('removed', 7),
    fault('link', 3),
  ];
  expect(inOrder(found).map(({ kind }) => kind)).toEqual(['link', 'removed', 'inserted', 'head']);
});

test('a sentence names table, key, account and link', () => {
  expect(faultSentence(fault('changed', 3))).toBe(
    'fill ["O1", "T1"]: the row has been changed since it was sealed (account paper, link 3)',
  );
  expect(faultSentence({ ...fault('inserted', null), account: '' })).toMatch(
    /no link seals it \(the installation\)$/,
  );
});
