// May this stock be sold short today, and if not, why not? Intraday short selling needs no borrowing, because
// it is covered before settlement. The rules here avoid a short that could not be covered.
import type { RefusalCode } from '../refusals';
import type { TradeProposal } from './question';

/** Yes, or no with the reason. */
export type ShortAvailability =
  | { readonly available: true; readonly reason: string }
  | { readonly available: false; readonly code: RefusalCode; readonly reason: string };

const no = (code: RefusalCode, reason: string): ShortAvailability => ({
  available: false,
  code,
  reason,
});

/** A long always passes here; other checks bound it. */
export function shortAvailability({
  direction,
  product,
  instrument,
}: Pick<TradeProposal, 'direction' | 'product' | 'instrument'>): ShortAvailability {
  if (direction === 'LONG') return { available: true, reason: 'a long needs no shares' };
  if (product !== 'MIS')
    return no(
      'OVERNIGHT_SHORT',
      'a short is not carried overnight: undelivered shares go to the auction on T+1',
    );
  if (!instrument.hasDerivatives)
    return no(
      'NOT_SHORTABLE',
      'only stocks with derivatives are sold short: a circuit lock could not be covered',
    );
  return {
    available: true,
    reason: 'intraday in a stock with derivatives: covered before settlement, nothing is borrowed',
  };
}
