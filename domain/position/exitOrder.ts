// The one exit order of a position, as it should be now. While the position is held, it is a stop. While it
// is being left, the same order is a limit through the market, priced wider each time it did not fill. Prices
// stay on the tick grid and inside the day's band.
import { clampToBand, throughMarket } from '../market/instrument';
import type { BookOrder, OrderPricing, OrderRequest } from '../orders/order';
import type { Trail } from '../trailing';
import { directionSign, exitSide, paise, type Paise, type Shares } from '../units';
import { isCarried, type Intent } from './terms';

/** How far the stop's limit lies beyond its trigger, so that a gap still fills: 1 % of the price. */
const stopLimitBufferBps = 100;
/** How far through the market the first exit is priced, and how much further each later one. */
const exitBufferBps = 30;

const bps = (price: number, points: number): number => (price * points) / 10_000;

/** A limit `distance` through the market. */
const through = ({ direction, instrument, band }: Intent, price: number, distance: number): Paise =>
  throughMarket(price, directionSign(direction), distance, {
    tickSize: instrument.tickSize,
    band,
  });

/**
 * The pricing that protects a position: a stop with its limit a buffer beyond. A position that may be carried
 * gets that stop and its target as one OCO.
 */
export function protectivePricing(
  intent: Intent,
  { stop, target }: Pick<Trail, 'stop' | 'target'>,
  ltp: Paise,
): OrderPricing {
  const buffer = bps(stop, stopLimitBufferBps);
  const { lower, upper } = intent.band;
  // A level outside today's band is meant for another day, whose band is not known yet.
  const isForToday = stop >= lower && stop <= upper;
  const band = { lower: paise(0), upper: paise(Number.MAX_SAFE_INTEGER) };
  const price = through(isForToday ? intent : { ...intent, band }, stop, buffer);
  if (!isCarried(intent)) return { kind: 'SL', trigger: stop, price };
  return { kind: 'OCO', trigger: stop, price, target: { trigger: target, price: target }, ltp };
}

/** A limit through the market; `attempt` 0 is the first. */
export const exitPricing = (intent: Intent, ltp: Paise, attempt: number): OrderPricing => ({
  kind: 'LIMIT',
  price: through(intent, ltp, bps(ltp, exitBufferBps * 2 ** Math.min(attempt, 6))),
});

/** The exit order for a quantity. */
export const exitRequest = (
  intent: Intent,
  quantity: Shares,
  pricing: OrderPricing,
): OrderRequest => ({
  tag: intent.intentId,
  tradingsymbol: intent.instrument.tradingsymbol,
  side: exitSide(intent.direction),
  product: intent.product,
  quantity,
  pricing,
});

/** The intent in the opposite direction, from which an order against our own exits is made. */
export const mirrored = (intent: Intent): Intent => ({
  ...intent,
  direction: intent.direction === 'LONG' ? 'SHORT' : 'LONG',
});

/** Is the order a stop that has not triggered? A triggered stop is OPEN, though it may still be called SL. */
export const isResting = ({
  orderType,
  status,
}: Pick<BookOrder, 'orderType' | 'status'>): boolean =>
  (orderType === 'SL' || orderType === 'SL-M' || orderType === 'OCO') && status !== 'OPEN';

/** Is the order a trigger outside the exchange? It can be moved and deleted, but not made to fill. */
export const isOco = ({ orderType }: BookOrder): boolean => orderType === 'OCO';

/**
 * Would a stop at this price trigger at once? The broker would refuse it, so the position is left instead.
 */
export const alreadyCrossed = (intent: Intent, stop: Paise, ltp: Paise): boolean =>
  directionSign(intent.direction) * (ltp - stop) <= 0;

/** Has the target been reached? The broker refuses an OCO with both triggers on one side of the price. */
export const alreadyReached = (intent: Intent, target: Paise, ltp: Paise): boolean =>
  directionSign(intent.direction) * (ltp - target) >= 0;

/** The stop moved to the right side of the market, for one more attempt after a refusal. */
export function correctedStop(intent: Intent, stop: Paise, ltp: Paise): Paise {
  const d = directionSign(intent.direction);
  const nearest = paise(ltp - d * intent.instrument.tickSize * 2);
  const { tickSize } = intent.instrument;
  return clampToBand(d * (nearest - stop) < 0 ? nearest : stop, intent.band, tickSize);
}
