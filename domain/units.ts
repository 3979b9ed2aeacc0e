// The units of the system. Money and prices are integer paise, so sums are exact; instants are epoch
// milliseconds. A plain number is none of them until a constructor has checked it.
declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Money or a price in integer paise (1 rupee = 100 paise). May be negative for money. */
export type Paise = Unit<'Paise'>;
/** A count of shares, an integer. Signed where a net quantity is meant: + long, − short. */
export type Shares = Unit<'Shares'>;
/** An instant in milliseconds since 1970-01-01T00:00Z. The name says which clock, market or host. */
export type EpochMs = Unit<'EpochMs'>;

/** BUY or SELL, as the broker spells it. */
export type Side = 'BUY' | 'SELL';
/** The direction of a position. */
export type Direction = 'LONG' | 'SHORT';
/** How the broker holds a position: MIS intraday, CNC delivery. */
export type Product = 'MIS' | 'CNC';

/** Thrown where a value breaks its type's rule, by a programmer's error or unchecked input. */
export class UnitError extends Error {}

function integer(value: number, name: string): number {
  if (!Number.isSafeInteger(value)) {
    throw new UnitError(`${name} must be a whole number below 2^53, was ${String(value)}`);
  }
  return value === 0 ? 0 : value;
}

/** Integer paise. @throws UnitError when not a safe integer. */
export const paise = (value: number): Paise => integer(value, 'paise') as Paise;
/** Whole shares. @throws UnitError when not a safe integer. */
export const shares = (value: number): Shares => integer(value, 'shares') as Shares;
/** Epoch milliseconds. @throws UnitError when not a safe integer. */
export const epochMs = (value: number): EpochMs => integer(value, 'epoch ms') as EpochMs;

/** Rupees from the broker's JSON (at most two decimals) to paise. @throws UnitError when not finite. */
export const paiseFromRupees = (rupees: number): Paise => paise(Math.round(rupees * 100));
/** Paise to the rupee number the broker's API takes. */
export const rupeesFromPaise = (amount: number): number => amount / 100;

/** `₹1,234.50`, with a minus sign where negative; Indian digit grouping. */
export function formatRupees(amount: Paise): string {
  const text = (Math.abs(amount) / 100).toLocaleString('en-IN', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return `${amount < 0 ? '−' : ''}₹${text}`;
}

/** +1 for a long, −1 for a short. Multiplying by it makes one rule serve both directions. */
export const directionSign = (direction: Direction): 1 | -1 => (direction === 'LONG' ? 1 : -1);
/** The side that opens a position of this direction. */
export const entrySide = (direction: Direction): Side => (direction === 'LONG' ? 'BUY' : 'SELL');
/** The side that closes a position of this direction. */
export const exitSide = (direction: Direction): Side => (direction === 'LONG' ? 'SELL' : 'BUY');
/** +1 for BUY, −1 for SELL: the sign a fill adds to the net quantity. */
export const sideSign = (side: Side): 1 | -1 => (side === 'BUY' ? 1 : -1);
