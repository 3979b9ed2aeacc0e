// The values of Kite's rows, each as strict as it must be: a row that lies is refused, never rounded into sense.
import { z } from 'zod';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paiseFromRupees, shares, type EpochMs } from '../../../domain/units';

export const side = z.enum(['BUY', 'SELL']);
export const text = z.string().min(1);
/** Order ids reach 19 digits: a number among them has lost its last ones. */
export const id = z.string().min(1);

/** An amount of money that is never owed. */
export const fee = z.number().min(0).max(1e10).transform(paiseFromRupees);

/** No share of NSE costs a tenth of that. */
export const rupeesMax = 1e6;
const rupees = z.number().min(0).max(rupeesMax);
/** The price of a share, that may be missing from an order or quote: 0 then. */
export const price = rupees.transform(paiseFromRupees);
export const tradedPrice = rupees.gt(0).transform(paiseFromRupees);
/** An amount that may be owed. */
export const amount = z.number().min(-1e12).max(1e12).transform(paiseFromRupees);

/** Beyond any order of one account. */
const sharesMax = 1e8;
/** Paise. What rows are worth is added up, and their sum must stay exact. */
const valueMax = 1e14;
/** May an order or trade of this size exist? */
export const isOfPossibleValue = (quantity: number, each: number): boolean =>
  quantity * each <= valueMax;

const whole = z.number().int().max(sharesMax);
export const quantity = whole.positive().transform(shares);
export const quantityOrNone = whole.min(0).transform(shares);
/** Of others: shares or orders that stand at a price. */
export const count = z.number().int().min(0).max(1e12);
/** What everybody together has traded. */
export const traded = z.number().int().min(0).max(1e12).transform(shares);
export const signedQuantity = whole.min(-sharesMax);

const two = (value: number): string => String(value).padStart(2, '0');

/** The client makes a `Date` of India's wall clock by the time zone of this process; this undoes that. */
function indianInstant(date: Date): EpochMs {
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return istInstant(day, time);
}
/** A clock that was never set tells of 1970. */
const firstYear = 2000;
export const instant = z
  .date()
  .refine((date) => date.getFullYear() >= firstYear, {
    message: `must be of ${firstYear} or later`,
  })
  .transform(indianInstant);

/** Instants which the client leaves as text, in India's time. */
export const writtenInstant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .transform((written) => istInstant(written.slice(0, 10), written.slice(11)));

/** Candles carry their offset, so the client's `Date` is right as it is. */
export const zonedInstant = z.date().transform((date) => epochMs(date.getTime()));
