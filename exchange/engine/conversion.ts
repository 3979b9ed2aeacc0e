// Moving an open position from one product to the other. Delivery must be paid in full, intraday ends at
// the broker's square-off, and shares sold short cannot be delivered. Sources: kite.md 1.2, 4.2.
import { sessionClock } from '../../domain/session/sessionClock';
import { formatRupees, paise, type Product, type Side } from '../../domain/units';
import type { Listing } from '../market/listing';
import type { Exchange } from './exchange';
import { journalLine } from './journal';
import { KiteError, inputError, orderError } from './kiteError';
import { availableMargin, marginPct } from './margins';

export interface Conversion {
  readonly listing: Listing;
  readonly side: Side;
  readonly from: Product;
  readonly to: Product;
  readonly quantity: number;
}

/** @throws KiteError when there is nothing to convert, no money for it, or it is too late. */
export function convertPosition(exchange: Exchange, conversion: Conversion): void {
  checkConversion(exchange, conversion);
  const { listing, from, to, quantity } = conversion;
  exchange.account.convert(listing, from, to, quantity);
  const { tradingsymbol } = listing;
  exchange.journal(journalLine(exchange.now, 'convert', { tradingsymbol, from, to, quantity }));
}

function checkConversion(exchange: Exchange, conversion: Conversion): void {
  const { listing, side, from, to, quantity } = conversion;
  const net = exchange.account.netQuantity(listing.instrumentToken, from);
  const open = side === 'BUY' ? net : -net;
  if (from === to) throw inputError('`old_product` and `new_product` must differ.');
  if (quantity <= 0 || quantity > open) throw inputError('Invalid `quantity` for the conversion.');
  if (side === 'SELL') throw orderError('Short positions cannot be converted to delivery.');
  if (to === 'MIS') checkIntraday(exchange, listing);
  else checkMoney(exchange, conversion);
}

function checkIntraday(exchange: Exchange, listing: Listing): void {
  const { brokerSquareOff } = sessionClock(exchange.day, listing.hasDerivatives);
  if (!listing.misAllowed || exchange.now >= brokerSquareOff) {
    throw orderError(`Conversion to MIS is not allowed for ${listing.tradingsymbol} now.`);
  }
}

/** Delivery blocks the full cost where intraday blocked a part of it. */
function checkMoney(exchange: Exchange, { listing, from, to, quantity }: Conversion): void {
  const { account, desk } = exchange;
  const pct = marginPct(listing, to) - marginPct(listing, from);
  const cost = account.openCost(listing.instrumentToken, from, quantity);
  const required = paise(Math.ceil((cost * pct) / 100));
  const available = availableMargin(account, desk.allLive());
  if (required <= available) return;
  const [needs, has] = [required, available].map((amount) => formatRupees(amount).slice(1));
  const message = `Insufficient funds. Required margin is ${needs ?? ''} but available margin is ${has ?? ''}.`;
  throw new KiteError(400, 'MarginException', message);
}
