// The exchange's own record: one line per accepted request, fill, fee and end of an order, in the order
// they took effect, stamped with market time. Nothing in it depends on the host, so one seed and the same
// requests give the same bytes; only what writes it to a file adds the host's instant. The books can be
// rebuilt from it.
import type { RateCard } from '../../domain/charges';
import { istText } from '../../domain/session/sessionClock';
import {
  paise,
  shares,
  type EpochMs,
  type Paise,
  type Product,
  type Side,
} from '../../domain/units';
import type { Listing } from '../market/listing';
import { Account, type ExchangeBooks } from './account';

export type JournalKind =
  | 'session'
  | 'holding'
  | 'place'
  | 'modify'
  | 'cancel'
  | 'fill'
  | 'fee'
  | 'final'
  | 'convert'
  | 'gtt'
  | 'fault';

export interface JournalLine {
  /** Market instant as the exchange shows it, milliseconds kept. */
  readonly at: string;
  /** The same instant, epoch ms. */
  readonly marketAt: number;
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
  marketAt: at,
  kind,
  ...fields,
});

/** A line as a file keeps it: with the host's instant, epoch ms, at which it was written. */
export const writtenLine = (line: JournalLine, hostAt: EpochMs): JournalLine => ({
  ...line,
  hostAt,
});

/** The account's books as the journal tells them. */
export const booksFromJournal = (
  lines: readonly JournalLine[],
  listing: (tradingsymbol: string) => Listing,
): ExchangeBooks => accountFromJournal(lines, listing).books();

/**
 * The account as the journal tells it: opening cash from the `session` line, then every fill, fee and
 * conversion. Listings are looked up by tradingsymbol.
 */
export function accountFromJournal(
  lines: readonly JournalLine[],
  listing: (tradingsymbol: string) => Listing,
  rateCards?: readonly RateCard[],
): Account {
  const session = lines.find((line) => line.kind === 'session');
  const account = new Account(
    paise(Number(session?.['openingCash'] ?? 0)),
    String(session?.['date'] ?? ''),
    { rateCards },
  );
  for (const line of lines) replayLine(account, line, listing);
  return account;
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
    at: line.marketAt as EpochMs,
    tag: line['tag'] === null ? null : text('tag'),
  });
}
