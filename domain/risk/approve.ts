// The one place where a trade is approved. `RiskApproved` can be made nowhere else, and the order
// activity takes nothing else, so no order leaves unapproved.
import { roundToTick } from '../market/instrument';
import { directionSign, paise, shares, type Paise } from '../units';
import type { RiskApproved, RiskView, SizedTrade, TradeProposal } from './question';
import { checkDay, checkPrices, checkStock, checkWanted, refuse } from './dayChecks';
import type { RiskLimits } from './limits';
import { allowances } from './sizing';

/** How far through the last price an entry may go. */
export const entryBufferBps = 15;

/** A little through the last price, and not beyond the price that is still wanted. */
function entryLimitOf({ direction, ltp, instrument, entryWanted }: TradeProposal): Paise {
  const d = directionSign(direction);
  const through = ltp + (d * ltp * entryBufferBps) / 10_000;
  const wanted = entryWanted ?? through;
  const worst = d === 1 ? Math.min(through, wanted) : Math.max(through, wanted);
  return roundToTick(worst, instrument.tickSize, d === 1 ? 'down' : 'up');
}

/**
 * Sizes the trade so that every limit holds, or refuses it.
 * @throws Refused with the limit's code when no quantity is allowed.
 */
export function approve(
  proposal: TradeProposal,
  view: RiskView,
  limits: RiskLimits,
): RiskApproved<SizedTrade> {
  checkDay(view, limits);
  checkStock(proposal, view, limits);
  checkPrices(proposal, limits);
  checkWanted(proposal);
  const entryLimit = entryLimitOf(proposal);
  const price = Math.max(entryLimit, proposal.ltp);
  const allowed = allowances(proposal, view, limits, price);
  const tightest = allowed.reduce((least, one) => (one.shares < least.shares ? one : least));
  const quantity = Math.floor(tightest.shares);
  const whole = Object.fromEntries(
    allowed.map(({ bound, shares: most }) => [bound, Math.floor(most)]),
  ) as SizedTrade['allowed'];
  if (!(quantity >= 1))
    refuse(
      'NO_ROOM',
      `the limits leave room for no share: ${tightest.bound} is the tightest`,
      whole,
    );
  if (quantity * price < limits.orderValueMin)
    refuse(
      'ORDER_VALUE_MIN',
      `the limits leave room for ${quantity} shares, worth less than an order must be: ${tightest.bound} is the tightest`,
      { quantity, value: quantity * price, least: limits.orderValueMin },
    );
  const sized: SizedTrade = {
    quantity: shares(quantity),
    entryLimit,
    value: paise(quantity * price),
    risk: paise(quantity * proposal.stopDistance),
    boundBy: tightest.bound,
    allowed: whole,
  };
  return sized as RiskApproved<SizedTrade>;
}
