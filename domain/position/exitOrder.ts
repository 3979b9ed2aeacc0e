// The one exit order of a position: what it should look like now. While the position is held it is a
// stop; when the position is to be left, the same order becomes a limit priced through the market, wider
// each time it did not fill. Prices stay on the grid and inside the day's band.
import { clampToBand, throughMarket } from '../market/instrument';
import type { BookOrder, OrderPricing, OrderRequest } from '../orders/order';
import type { Trail } from '../trailing';
import { directionSign, exitSide, paise, type Paise, type Shares } from '../units';
import { isCarried, type Intent } from './terms';

/** How far the stop's limit lies beyond its trigger, so that a gap still fills: 1 % of the price. */
const stopLimitBufferBps = 100;
/** How far through the market a first exit is priced, and how much more each further time. */
const exitBufferBps = 30;

const bps = (price: number, points: number): number => (price * points) / 10_000;

/** A limit that far through the market. */
const through = ({ direction, instrument, band }: Intent, price: number, distance: number): Paise =>
  throughMarket(price, directionSign(direction), distance, {
    tickSize: instrument.tickSize,
    band,
  });

/**
 * What protects the position: a stop at `stop`, its limit a buffer beyond; of what may be carried, that and
 * the target as one OCO.
 */
export function protectivePricing(
  intent: Intent,
  { stop, target }: Pick<Trail, 'stop' | 'target'>,
  ltp: Paise,
): OrderPricing {
  const buffer = bps(stop, stopLimitBufferBps);
  const { lower, upper } = intent.band;
  // A level outside today's band is for another day, whose band nobody knows yet.
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

/** The intent seen from the other side: what an order against our exits is made from. */
export const mirrored = (intent: Intent): Intent => ({
  ...intent,
  direction: intent.direction === 'LONG' ? 'SHORT' : 'LONG',
});

/** Is the order a stop that has not triggered? A triggered one is OPEN and may still be called SL. */
export const isResting = ({
  orderType,
  status,
}: Pick<BookOrder, 'orderType' | 'status'>): boolean =>
  (orderType === 'SL' || orderType === 'SL-M' || orderType === 'OCO') && status !== 'OPEN';

/** A trigger outside the exchange: it can be moved and removed, but not be made to fill. */
export const isOco = ({ orderType }: BookOrder): boolean => orderType === 'OCO';

/** Would the stop at `stop` trigger at once? Then it is refused by the broker: leave now instead. */
export const alreadyCrossed = (intent: Intent, stop: Paise, ltp: Paise): boolean =>
  directionSign(intent.direction) * (ltp - stop) <= 0;

/** Has the target been reached? An OCO with both triggers on one side of the price is refused. */
export const alreadyReached = (intent: Intent, target: Paise, ltp: Paise): boolean =>
  directionSign(intent.direction) * (ltp - target) >= 0;

/** A trigger on the right side of the market for the one corrected attempt after a refusal. */
export function correctedStop(intent: Intent, stop: Paise, ltp: Paise): Paise {
  const d = directionSign(intent.direction);
  const nearest = paise(ltp - d * intent.instrument.tickSize * 2);
  const { tickSize } = intent.instrument;
  return clampToBand(d * (nearest - stop) < 0 ? nearest : stop, intent.band, tickSize);
}
