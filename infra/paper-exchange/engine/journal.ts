// The exchange's own record: one line per accepted request, fill and fee, in the order they took effect,
// stamped with market time. Nothing in it depends on the host, so one seed and the same requests give
// the same bytes. The books can be rebuilt from it.
import { istText } from '../../../domain/session/sessionClock';
import {
  paise,
  shares,
  type EpochMs,
  type Paise,
  type Product,
  type Side,
} from '../../../domain/units';
import type { Listing } from '../market/listing';
import { Account, type Books } from './account';

export type JournalKind =
  'session' | 'place' | 'modify' | 'cancel' | 'fill' | 'fee' | 'final' | 'convert' | 'gtt';

export interface JournalLine {
  readonly at: string;
  readonly kind: JournalKind;
  readonly [field: string]: string | number | boolean | null;
}

/** Takes lines in order. Must not fail: the trade has happened. */
export type JournalSink = (line: JournalLine) => void;

/** A line at a market instant; milliseconds are kept, the order of lines decides within one. */
export const journalLine = (
  at: EpochMs,
  kind: JournalKind,
  fields: Readonly<Record<string, string | number | boolean | null>>,
): JournalLine => ({
  at: `${istText(at)}.${String(at % 1_000).padStart(3, '0')}`,
  kind,
  ...fields,
});

/**
 * The account as the journal tells it: opening cash from the `session` line, then every fill, fee and
 * conversion. Listings are looked up by tradingsymbol.
 */
export function booksFromJournal(
  lines: readonly JournalLine[],
  listing: (tradingsymbol: string) => Listing,
): Books {
  const session = lines.find((line) => line.kind === 'session');
  const account = new Account(
    paise(Number(session?.['openingCash'] ?? 0)),
    String(session?.['date'] ?? ''),
  );
  for (const line of lines) replayLine(account, line, listing);
  return account.books();
}

function replayLine(
  account: Account,
  line: JournalLine,
  listing: (tradingsymbol: string) => Listing,
): void {
  const text = (field: string): string => String(line[field]);
  if (line.kind === 'fee') account.applyFee(paise(Number(line['amount'])));
  if (line.kind === 'convert') {
    account.convert(
      listing(text('tradingsymbol')),
      text('from') as Product,
      text('to') as Product,
      Number(line['quantity']),
    );
  }
  if (line.kind !== 'fill') return;
  account.applyFill({
    tradeId: text('tradeId'),
    orderId: text('orderId'),
    exchangeOrderId: text('exchangeOrderId'),
    listing: listing(text('tradingsymbol')),
    side: text('side') as Side,
    product: text('product') as Product,
    quantity: shares(Number(line['quantity'])),
    price: line['price'] as Paise,
    at: 0 as EpochMs,
    tag: null,
  });
}
