// What the account holds in demat from earlier days. It does not change during the day: what is sold
// shows as a negative delivery position and as `used` here. Sources: docs/kite.md, Errors and Books.
import { shares, type Paise, type Product, type Shares } from '../../domain/units';
import type { Listing } from '../market/listing';
import { KiteError } from './kiteError';
import { openQuantity, type OrderView } from './order';

/** Shares of one stock at the start of the day. */
export interface Holding {
  readonly listing: Listing;
  /** Settled, in demat. */
  readonly quantity: Shares;
  /** Bought on the last trading day, not settled yet. */
  readonly t1Quantity: Shares;
  readonly averagePrice: Paise;
  /** Of the settled ones, what the broker may deliver without asking, as the day begins. */
  readonly authorisedQuantity: Shares;
}

/** A holding as configuration writes it. Unauthorised shares need the depository's word to be sold. */
export interface HoldingTerms {
  readonly tradingsymbol: string;
  readonly quantity: number;
  readonly t1Quantity?: number | undefined;
  readonly averagePrice: Paise;
  readonly authorisedQuantity?: number | undefined;
}

/** What the account knows of its shares. */
export interface ShareBooks {
  /** What was held of the stock when the day began. */
  holding(token: number): Holding | undefined;
  /** Signed shares open in one stock and product. */
  netQuantity(token: number, product: Product): number;
  /** Shares of the holding that may be sold without asking the depository. */
  authorisedQuantity(holding: Holding): number;
}

/** All settled shares are authorised unless said otherwise. */
export const holdingOf = (terms: HoldingTerms, listing: Listing): Holding => ({
  listing,
  quantity: shares(terms.quantity),
  t1Quantity: shares(terms.t1Quantity ?? 0),
  averagePrice: terms.averagePrice,
  authorisedQuantity: shares(terms.authorisedQuantity ?? terms.quantity),
});

/** All shares of a holding, settled or not. */
const heldQuantity = ({ quantity, t1Quantity }: Holding): number => quantity + t1Quantity;

/** Shares of the holding sold today. */
export function usedQuantity(holding: Holding, account: Pick<ShareBooks, 'netQuantity'>): number {
  const net = account.netQuantity(holding.listing.instrumentToken, 'CNC');
  return Math.min(heldQuantity(holding), Math.max(0, -net));
}

/** Shares that can still be sold for delivery: held, bought today, and not promised to an order. */
export function deliverableQuantity(
  account: ShareBooks,
  listing: Listing,
  others: readonly OrderView[],
): number {
  const holding = account.holding(listing.instrumentToken);
  const net = account.netQuantity(listing.instrumentToken, 'CNC');
  const promised = others
    .filter(({ listing: of, product, side }) => {
      return of === listing && product === 'CNC' && side === 'SELL';
    })
    .reduce((sum, order) => sum + openQuantity(order), 0);
  return (holding === undefined ? 0 : heldQuantity(holding)) + net - promised;
}

/** @throws KiteError 428 when the sale needs more settled shares than the depository has authorised. */
export function checkAuthorisation(account: ShareBooks, listing: Listing, quantity: number): void {
  const holding = account.holding(listing.instrumentToken);
  if (holding === undefined) return;
  const boughtToday = Math.max(0, account.netQuantity(listing.instrumentToken, 'CNC'));
  const fromDemat = Math.min(quantity - boughtToday - holding.t1Quantity, holding.quantity);
  const missing = fromDemat + usedQuantity(holding, account) - account.authorisedQuantity(holding);
  if (fromDemat <= 0 || missing <= 0) return;
  throw new KiteError(
    428,
    'HoldingException',
    `${missing} quantity needs authorisation at depository.`,
  );
}
