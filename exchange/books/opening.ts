// What the account opens its session with: the books of its world, or what the options say.
import { Refused } from '../../domain/errors';
import type { Paise } from '../../domain/units';
import type { GttState } from '../engine/gtt';
import type { HoldingTerms } from '../engine/holdings';
import type { MarketSource } from '../market/source';
import { refused, type WorldBooks } from './booksFile';

export interface Opening {
  readonly openingCash: Paise;
  readonly holdings: readonly HoldingTerms[];
  readonly gtts?: GttState;
}

/** @throws Refused when something that is held or waits is not listed on the day. */
export function openingOf(
  asked: { readonly openingCash: Paise; readonly holdings?: readonly HoldingTerms[] },
  before: WorldBooks | undefined,
  market: MarketSource,
): Opening {
  if (before === undefined) {
    const { openingCash, holdings = [] } = asked;
    requireListed(holdings, market);
    return { openingCash, holdings };
  }
  requireWorldListed(before, market);
  const { cash, holdings, gtts } = before;
  return { openingCash: cash, holdings, gtts };
}

function requireListed(holdings: readonly HoldingTerms[], { listings }: MarketSource): void {
  const listed = new Set(
    listings.filter(({ isIndex }) => !isIndex).map((one) => one.tradingsymbol),
  );
  const missing = holdings.find(({ tradingsymbol }) => !listed.has(tradingsymbol));
  if (missing === undefined) return;
  throw new Refused({
    code: 'EXCHANGE_HOLDINGS',
    message: `holdings name "${missing.tradingsymbol}", which is not listed on this day`,
  });
}

function requireWorldListed(books: WorldBooks, { listings }: MarketSource): void {
  const listed = new Set(listings.map(({ tradingsymbol }) => tradingsymbol));
  const active = books.gtts.gtts.filter(({ status }) => status === 'active');
  const missing = [...books.holdings, ...active].find((one) => !listed.has(one.tradingsymbol));
  if (missing === undefined) return;
  throw refused(`hold "${missing.tradingsymbol}", which is not listed on this day`);
}
