// Compares our records with the exchange's books at the end of a session: money to the paisa, and each stock
// held over the night share by share.
import { z } from 'zod';
import type { DayFacts } from '../../activities/reports';
import { Fatal } from '../../domain/errors';
import { askExchange, type OwnExchange } from '../paperAdmin';
import { formatRupees, type Paise } from '../../domain/units';

const exchangeBooks = z.object({
  data: z.object({
    cash: z.number(),
    charges: z.number(),
    fees: z.number(),
    openPositions: z.array(z.object({ tradingsymbol: z.string(), product: z.string() })),
    held: z.record(z.string(), z.number()),
  }),
});

/** Shares our records say are held over the night, by tradingsymbol. */
function carriedShares({ carried }: Pick<DayFacts, 'carried'>): Record<string, number> {
  const held: Record<string, number> = {};
  for (const { view } of carried)
    held[view.tradingsymbol] = (held[view.tradingsymbol] ?? 0) + view.quantity;
  return held;
}

/**
 * @param cashBefore closing cash of the world's session before; null where no earlier session ended.
 * @returns a line that says they agree. @throws Fatal BOOKS_DIFFER naming every difference.
 */
export async function compareBooks(
  running: OwnExchange,
  facts: DayFacts,
  cashBefore: Paise | null,
): Promise<string> {
  const { data } = exchangeBooks.parse(await (await askExchange(running, '/paper/books')).json());
  const ours = carriedShares(facts);
  const names = [...new Set([...Object.keys(ours), ...Object.keys(data.held)])];
  const intraday = data.openPositions.filter(({ product }) => product === 'MIS');
  const differences = [
    ...differs('cash', facts.closingCash, data.cash),
    ...differs('charges', facts.charges, data.charges + data.fees),
    ...names.flatMap((name) => differs(name, ours[name] ?? 0, data.held[name] ?? 0)),
    ...intraday.map(({ tradingsymbol }) => `${tradingsymbol} is open intraday`),
    ...(facts.ledgerSum === 0 ? [] : [`our ledger sums to ${facts.ledgerSum}`]),
    ...(cashBefore === null || cashBefore === facts.openingCash
      ? []
      : [`the session opened with ${facts.openingCash}, the one before closed with ${cashBefore}`]),
  ];
  const night = facts.carried.length === 0 ? 'flat' : `${facts.carried.length} held over the night`;
  const line = `books: cash ${formatRupees(facts.closingCash)}, charges ${formatRupees(facts.charges)}, ${night}`;
  if (differences.length === 0) return `✓ ${line} · the exchange's own agree to the paisa`;
  throw new Fatal({
    code: 'BOOKS_DIFFER',
    message: `our ${line}; paise and shares that differ: ${differences.join('; ')}`,
  });
}

const differs = (what: string, ours: number, theirs: number): readonly string[] =>
  ours === theirs ? [] : [`${what}: ours ${ours}, the exchange's ${theirs}`];
