// What may stand in a signal. A handler that took anything else would fail its task for ever, and the position
// or the day with it. Whatever does not fit is dropped and counted.
import { z } from 'zod';
import { paise, shares } from '../units';

/** A crore of rupees for a share: a price beyond it is none. */
const priceMax = 1_000_000_000;
const price = z.int().positive().max(priceMax).transform(paise);
const name = z.string().min(1).max(100);

/** Prices of one signal; a sender thins them to a quarter of this. */
const pathMax = 1_024;
/** Far beyond what one sender sends in its life. */
const sequenceMax = 1_000_000_000_000_000_000;

export const crossingShape = z.object({
  epoch: z.int().nonnegative().optional(),
  seq: z.number().nonnegative().max(sequenceMax),
  path: z.array(price).max(pathMax),
});

export const orderReportShape = z.object({
  orderId: name,
  tag: name,
  side: z.enum(['BUY', 'SELL']),
  filledQuantity: z.int().nonnegative().transform(shares),
  averagePrice: z.int().nonnegative().transform(paise),
});

export const leaveShape = z.object({ reason: z.enum(['operator', 'killSwitch']) });

export const reconcileShape = z.object({ reason: z.string().max(200) });

export const positionReportShape = z.object({
  intentId: name,
  closed: z.boolean(),
  netPnl: z.int().transform(paise),
});
