// What a person caps in rupees beside the limits, so that a first day is small, and the last look at those caps
// before an order leaves. Risk keeps to the same caps when it sizes; this look trusts nobody's word for it.
import type { RefusalCode } from '../refusals';
import { formatRupees, paise, type Paise, type Product, type Shares } from '../units';
import type { RiskLimits } from './limits';
import { lossMaxOf } from './lossMax';
import { powerTaken } from './sizing';

export interface DayCaps {
  /** No more of the account's cash counts as capital; null: all of it. */
  readonly capitalMax: Paise | null;
  /** No new entries once the day has lost this much; null: the share of capital alone. */
  readonly dayLossMax: Paise | null;
  /** The day's share of that capital, above 0 and at most 1. */
  readonly size: number;
}

export const noCaps: DayCaps = { capitalMax: null, dayLossMax: null, size: 1 };

/** The part of the cash that the day may work with. */
export const cappedCapital = (cash: Paise, { capitalMax, size }: DayCaps): Paise =>
  paise(Math.floor(Math.min(cash, capitalMax ?? cash) * size));

/** An entry as far as caps are concerned. */
export interface CappedEntry {
  readonly quantity: Shares;
  /** Worst price per share. */
  readonly price: Paise;
  readonly product: Product;
}

/** What our records say of the day when the entry is about to leave. */
export interface DayRecordSoFar {
  /** The day's capital under its caps. */
  readonly capital: Paise;
  readonly dayLossMax: Paise | null;
  /** The day's entries that are not closed, this one left out. */
  readonly open: readonly CappedEntry[];
  /** All of the day's entries, this one left out. */
  readonly entries: number;
  /** Realised, after charges. */
  readonly dayPnl: Paise;
}

export interface CapRefusal {
  readonly code: Extract<
    RefusalCode,
    'ORDER_TOO_LARGE' | 'ENTRIES_PER_DAY' | 'DAY_LOSS' | 'CAPITAL_CAP'
  >;
  readonly message: string;
}

/** Why the entry breaks a cap; null where it breaks none. @param day null where no day is open. */
export function whyCapped(
  entry: CappedEntry,
  day: DayRecordSoFar | null,
  limits: RiskLimits,
): CapRefusal | null {
  return tooLarge(entry, limits) ?? (day === null ? null : beyondDay(entry, day, limits));
}

function tooLarge(
  { quantity, price }: CappedEntry,
  { orderValueMax, orderQuantityMax }: RiskLimits,
): CapRefusal | null {
  if (quantity > orderQuantityMax)
    return {
      code: 'ORDER_TOO_LARGE',
      message: `the order is for ${quantity} shares; risk.orderQuantityMax is ${orderQuantityMax}`,
    };
  const value = paise(quantity * price);
  return value > orderValueMax
    ? {
        code: 'ORDER_TOO_LARGE',
        message: `the order is worth ${formatRupees(value)}; risk.orderValueMax is ${formatRupees(orderValueMax)}`,
      }
    : null;
}

function beyondDay(
  entry: CappedEntry,
  { capital, dayLossMax, open, entries, dayPnl }: DayRecordSoFar,
  limits: RiskLimits,
): CapRefusal | null {
  if (entries >= limits.entriesPerDayMax)
    return {
      code: 'ENTRIES_PER_DAY',
      message: `the day has made ${entries} entries; risk.entriesPerDayMax is ${limits.entriesPerDayMax}`,
    };
  const lossMax = paise(Math.floor(lossMaxOf({ capital, dayLossMax }, limits)));
  if (0 - dayPnl >= lossMax)
    return {
      code: 'DAY_LOSS',
      message: `the day has lost ${formatRupees(paise(0 - dayPnl))}; its limit is ${formatRupees(lossMax)}`,
    };
  const power = paise(
    [...open, entry].reduce(
      (sum, one) => sum + one.quantity * one.price * powerTaken(one.product, limits),
      0,
    ),
  );
  const room = paise(Math.floor(capital * limits.leverage));
  return power > room
    ? {
        code: 'CAPITAL_CAP',
        message: `with this order ${formatRupees(power)} would be at work; the day's capital allows ${formatRupees(room)}`,
      }
    : null;
}
