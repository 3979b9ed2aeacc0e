// Moving an open position from one product to the other. Delivery must be paid in full, intraday ends at
// the broker's square-off, and shares sold short cannot be delivered. Sources: docs/kite.md, Books and Intraday at the broker.
import { sessionClock } from '../../domain/session/sessionClock';
import { formatRupees, paise, type Product, type Side } from '../../domain/units';
import type { Listing } from '../market/listing';
import type { Account } from './account';
import { journalLine, type JournalSink } from './journal';
import { KiteError, inputError, orderError } from './kiteError';
import { availableMargin, marginPct } from './margins';
import type { OrderDesk } from './orderDesk';
import type { SessionTime } from './sessionTime';

export interface Conversion {
  readonly listing: Listing;
  readonly side: Side;
  readonly from: Product;
  readonly to: Product;
  readonly quantity: number;
}

export interface ConversionParts {
  readonly account: Account;
  readonly desk: Pick<OrderDesk, 'allLive'>;
  readonly time: Pick<SessionTime, 'day' | 'now'>;
  readonly journal: JournalSink;
}

/** @throws KiteError when there is nothing to convert, no money for it, or it is too late. */
export function convertPosition(parts: ConversionParts, conversion: Conversion): void {
  checkConversion(parts, conversion);
  const { account, time, journal } = parts;
  const { listing, from, to, quantity } = conversion;
  account.convert(listing, from, to, quantity);
  const { tradingsymbol } = listing;
  journal(journalLine(time.now, 'convert', { tradingsymbol, from, to, quantity }));
}

function checkConversion(parts: ConversionParts, conversion: Conversion): void {
  const { listing, side, from, to, quantity } = conversion;
  const net = parts.account.netQuantity(listing.instrumentToken, from);
  const open = side === 'BUY' ? net : -net;
  if (from === to) throw inputError('`old_product` and `new_product` must differ.');
  if (quantity <= 0 || quantity > open) throw inputError('Invalid `quantity` for the conversion.');
  if (side === 'SELL') throw orderError('Short positions cannot be converted to delivery.');
  if (to === 'MIS') checkIntraday(parts, listing);
  else checkMoney(parts, conversion);
}

function checkIntraday({ time }: ConversionParts, listing: Listing): void {
  const { brokerSquareOff } = sessionClock(time.day, listing.hasDerivatives);
  if (!listing.misAllowed || time.now >= brokerSquareOff) {
    throw orderError(`Conversion to MIS is not allowed for ${listing.tradingsymbol} now.`);
  }
}

/** Delivery blocks the full cost where intraday blocked a part of it. */
function checkMoney(
  { account, desk }: ConversionParts,
  { listing, from, to, quantity }: Conversion,
): void {
  const pct = marginPct(listing, to) - marginPct(listing, from);
  const cost = account.openCost(listing.instrumentToken, from, quantity);
  const required = paise(Math.ceil((cost * pct) / 100));
  const available = availableMargin(account, desk.allLive());
  if (required <= available) return;
  const [needs, has] = [required, available].map((amount) => formatRupees(amount).slice(1));
  const message = `Insufficient funds. Required margin is ${needs ?? ''} but available margin is ${has ?? ''}.`;
  throw new KiteError(400, 'MarginException', message);
}
