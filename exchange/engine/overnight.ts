// What a session leaves for the next one: cash and shares. Shares bought for delivery are unsettled for one
// session (T1) and sold from the settled ones first. Intraday leftovers, which the broker could not square
// off, end as at a real one: a long is delivered, a short is closed out at the auction's worst price.
// Sources: docs/kite.md, Books and Intraday at the broker.
import { paise, type Paise } from '../../domain/units';
import { netQuantityOf, type Account, type Position } from './account';
import { usedQuantity, type Holding, type HoldingTerms } from './holdings';

/** The account as the next session opens it. */
export interface Overnight {
  readonly cash: Paise;
  readonly holdings: readonly HoldingTerms[];
}

/** The account after its session. @param closeOf last price of the day, by instrument token. */
export function overnightOf(account: Account, closeOf: (token: number) => Paise): Overnight {
  const positions = account.positions();
  const shorts = positions.filter((one) => one.product === 'MIS' && netQuantityOf(one) < 0);
  return {
    cash: paise(
      account.books().cash - shorts.reduce((sum, one) => sum + closeOut(one, closeOf), 0),
    ),
    holdings: sharesAfter(account),
  };
}

function sharesAfter(account: Account): readonly HoldingTerms[] {
  const tokens = new Set([
    ...account.holdings.map(({ listing }) => listing.instrumentToken),
    ...account.positions().map(({ listing }) => listing.instrumentToken),
  ]);
  return [...tokens].flatMap((token) => holdingAfter(account, token));
}

/** Shares of the account's by tradingsymbol, settled or not, counting what is bought and not sold today. */
export const heldShares = (account: Account): Readonly<Record<string, number>> =>
  Object.fromEntries(
    sharesAfter(account).map(({ tradingsymbol, quantity, t1Quantity = 0 }) => [
      tradingsymbol,
      quantity + t1Quantity,
    ]),
  );

function holdingAfter(account: Account, token: number): readonly HoldingTerms[] {
  const held = account.holding(token);
  const own = account.positions().filter(({ listing }) => listing.instrumentToken === token);
  const listing = held?.listing ?? own[0]?.listing;
  if (listing === undefined) return [];
  const delivered = own
    .map((one) => ({ product: one.product, quantity: Math.max(0, netQuantityOf(one)) }))
    .reduce(
      (sum, { product, quantity }) => ({
        quantity: sum.quantity + quantity,
        cost: sum.cost + account.openCost(token, product, quantity),
      }),
      { quantity: 0, cost: 0 },
    );
  const kept = keptOf(account, held);
  const all = kept.quantity + delivered.quantity;
  if (all === 0) return [];
  const cost = kept.quantity * (held?.averagePrice ?? 0) + delivered.cost;
  return [
    {
      tradingsymbol: listing.tradingsymbol,
      quantity: kept.quantity,
      t1Quantity: delivered.quantity,
      averagePrice: paise(Math.round(cost / all)),
      authorisedQuantity: kept.authorised,
    },
  ];
}

/** What is left of a holding, all of it settled by the next session, and how much of it may be sold unasked. */
function keptOf(
  account: Account,
  held: Holding | undefined,
): { readonly quantity: number; readonly authorised: number } {
  if (held === undefined) return { quantity: 0, authorised: 0 };
  const used = usedQuantity(held, account);
  const quantity = held.quantity + held.t1Quantity - used;
  const unauthorised = Math.max(0, held.quantity - held.authorisedQuantity);
  return { quantity, authorised: Math.max(0, quantity - unauthorised) };
}

/** Above the close, in percent: what a short that was not covered is closed out at. */
const closeOutPct = 20;

const closeOut = (position: Position, closeOf: (token: number) => Paise): number => {
  const { instrumentToken } = position.listing;
  return Math.ceil(
    (-netQuantityOf(position) * closeOf(instrumentToken) * (100 + closeOutPct)) / 100,
  );
};
