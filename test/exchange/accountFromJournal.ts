// The exchange's journal read back: what a client could rebuild of the books from its lines alone.
import {
  paise,
  shares,
  type EpochMs,
  type Paise,
  type Product,
  type Side,
} from '../../domain/units';
import { Account } from '../../exchange/engine/account';
import type { JournalLine } from '../../exchange/engine/journal';
import type { Listing } from '../../exchange/market/listing';

/**
 * The account as the journal tells it: opening cash from the `session` line, then every fill, fee and
 * conversion. Listings are looked up by tradingsymbol.
 */
export function accountFromJournal(
  lines: readonly JournalLine[],
  listing: (tradingsymbol: string) => Listing,
): Account {
  const session = lines.find((line) => line.kind === 'session');
  const account = new Account(
    paise(Number(session?.['openingCash'] ?? 0)),
    String(session?.['date'] ?? ''),
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
