// Goal: the comparison at the session's end notices a paisa and a share, and states how many positions are
// held.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import type { DayFacts } from '../../activities/reports';
import { compareBooks } from '../../cli/run/compareBooks';
import { paise } from '../../domain/units';

const books = {
  cash: 1_000_00,
  charges: 40_00,
  fees: 15_34,
  openPositions: [{ tradingsymbol: 'INFY', product: 'CNC' }],
  held: { INFY: 7 } as Record<string, number>,
};
const carried = [{ view: { tradingsymbol: 'INFY', quantity: 7 } }];
const ours = {
  openingCash: 900_00,
  closingCash: 1_000_00,
  charges: 55_34,
  ledgerSum: 0,
  carried,
} as unknown as DayFacts;

describe('our books against the exchange’s', () => {
  let server: Server;
  let answer: unknown = books;
  let url = '';
  const compare = (facts: Partial<DayFacts> = {}, cashBefore: number | null = null) =>
    compareBooks(
      { exchange: url, environment: { RATCHET_PAPER_TOKEN: 'of the run' } },
      { ...ours, ...facts },
      cashBefore === null ? null : paise(cashBefore),
    );

  beforeAll(async () => {
    server = createServer(({ headers }, response) => {
      const isTold = headers['x-paper-token'] === 'of the run';
      response.end(JSON.stringify({ data: isTold ? answer : null }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  beforeEach(() => (answer = books));

  test('agree to the paisa and the share', async () => {
    expect(await compare({}, 900_00)).toBe(
      "✓ books: cash ₹1,000.00, charges ₹55.34, 1 held over the night · the exchange's own agree to the paisa",
    );
    answer = { ...books, openPositions: [], held: {} };
    expect(await compare({ carried: [] })).toContain(', flat · ');
  });

  test.each([
    ['a paisa of cash', { closingCash: paise(1_000_01) }, 'cash: ours 100001'],
    ['a paisa of charges', { charges: paise(55_33) }, 'charges: ours 5533'],
    ['a position not carried', { carried: [] }, "INFY: ours 0, the exchange's 7"],
    ['a ledger that does not balance', { ledgerSum: paise(1) }, 'our ledger sums to 1'],
  ])('%s is a difference', async (_, facts, sentence) => {
    await expect(compare(facts)).rejects.toThrow(sentence);
  });

  test('so are an intraday position, a share too few and another opening cash', async () => {
    answer = { ...books, openPositions: [{ tradingsymbol: 'ITC', product: 'MIS' }] };
    await expect(compare()).rejects.toThrow('ITC is open intraday');
    answer = { ...books, held: { INFY: 6 } };
    await expect(compare()).rejects.toThrow("INFY: ours 7, the exchange's 6");
    answer = books;
    await expect(compare({}, 899_99)).rejects.toThrow('the one before closed with 89999');
  });
});
