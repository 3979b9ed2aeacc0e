// How many shares: the tightest of all bounds on risk and value. Buying power is one pool for both
// directions, or one for each. A pool counts the gross value of what is open, so longs and shorts together
// cannot overdraw it. Delivery is paid in full, so it takes `leverage` times the buying power that the same
// value takes intraday.
import type { Direction, Product } from '../units';
import type { RiskView, SizeBound, TradeProposal } from './question';
import { lossMaxOf } from './lossMax';
import type { RiskLimits } from './limits';

/** A bound and the shares it allows, before rounding down. */
export interface Allowance {
  readonly bound: SizeBound;
  readonly shares: number;
}

const bps = (amount: number, share: number): number => (amount * share) / 10_000;

/** Buying power that a rupee of value takes. */
export const powerTaken = (product: Product, { leverage }: Pick<RiskLimits, 'leverage'>): number =>
  product === 'CNC' ? leverage : 1;

/** Buying power left in the pool of a direction, paise. */
function poolRoom(view: RiskView, limits: RiskLimits, direction: Direction): number {
  const open = view.exposures.filter((exposure) => !exposure.closed);
  const power = view.capital * limits.leverage;
  if (limits.capitalPool === 'shared') return power - taken(open, limits);
  const share = direction === 'LONG' ? limits.longPoolBps : 10_000 - limits.longPoolBps;
  const ofSide = open.filter((exposure) => exposure.direction === direction);
  return bps(power, share) - taken(ofSide, limits);
}

const taken = (exposures: RiskView['exposures'], limits: RiskLimits): number =>
  exposures.reduce((sum, { value, product }) => sum + value * powerTaken(product, limits), 0);

/**
 * Every bound's allowance. `price` is the higher of limit and last price, so that a short's value is not
 * understated.
 */
export function allowances(
  proposal: TradeProposal,
  view: RiskView,
  limits: RiskLimits,
  price: number,
): Allowance[] {
  const { direction, instrument, stopDistance } = proposal;
  const open = view.exposures.filter((exposure) => !exposure.closed);
  const openRisk = open.reduce((sum, exposure) => sum + exposure.risk, 0);
  const power = view.capital * limits.leverage;
  const side = direction === 'LONG' ? limits.longExposureBps : limits.shortExposureBps;
  const sizeFactor = Math.min(1, Math.max(0, proposal.sizeFactor));
  const byRisk = (bound: SizeBound, amount: number): Allowance => ({
    bound,
    shares: amount / stopDistance,
  });
  const byPower = (bound: SizeBound, amount: number): Allowance => ({
    bound,
    shares: amount / (price * powerTaken(proposal.product, limits)),
  });
  const ofSide = open.filter((exposure) => exposure.direction === direction);
  const ofSector = open.filter((exposure) => exposure.sector === instrument.sector);
  return [
    byRisk('risk per trade', bps(view.capital, limits.riskPerTradeBps) * sizeFactor),
    byRisk('open risk', bps(view.capital, limits.openRiskBps) - openRisk),
    // If every stop were hit at once, the day must not lose more than its limit.
    byRisk('day loss', lossMaxOf(view, limits) + view.dayPnl - openRisk),
    byPower('position value', bps(power, limits.positionValueBps)),
    byPower('side exposure', bps(power, side) - taken(ofSide, limits)),
    byPower('sector exposure', bps(power, limits.sectorExposureBps) - taken(ofSector, limits)),
    byPower('capital pool', poolRoom(view, limits, direction)),
    { bound: 'order value', shares: limits.orderValueMax / price },
    { bound: 'order quantity', shares: limits.orderQuantityMax },
  ];
}
