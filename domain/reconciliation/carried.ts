// What was carried into a session, before it is looked after again: are the shares there, and are prices
// still on the scale of its levels? Where not, a person must look: a trigger met after the last reading, a
// bonus or a split cannot be told apart from here, and selling what is not held opens a short.
import { formatRupees, type Paise } from '../units';
import type { PriceBand } from '../market/instrument';

/** A position of earlier sessions with what the broker says of its stock now. */
export interface CarriedPosition {
  readonly tradingsymbol: string;
  /** Shares our records say are held. */
  readonly quantity: number;
  /** Shares in the account's holdings, settled or not. */
  readonly holding: number;
  /** The last stop; null where none is recorded. */
  readonly stop: Paise | null;
  readonly band: PriceBand;
}

/** Why it must not be taken up by itself; null where all is well. */
export function whyNotCarried(position: CarriedPosition): string | null {
  const { tradingsymbol, quantity, holding, stop, band } = position;
  if (holding < quantity)
    return `${quantity} ${tradingsymbol} were carried over, the account holds ${holding}`;
  if (stop !== null && stop > band.upper)
    return `the stop of ${tradingsymbol} at ${formatRupees(stop)} lies above today's band, which ends at ${formatRupees(band.upper)}`;
  return null;
}
