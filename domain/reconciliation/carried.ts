// A position carried into a session, before it is adopted: are the shares there, and are prices still on the
// scale of its levels? Where not, a person must look. A trigger met after the last reading, a bonus and a
// split look alike from here, and selling what is not held opens a short.
import { formatRupees, type Paise } from '../units';
import type { PriceBand } from '../market/instrument';

/** A position of earlier sessions, with what the broker says of its stock now. */
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

/** Why the position must not be adopted without a person; null where nothing is wrong. */
export function whyNotCarried(position: CarriedPosition): string | null {
  const { tradingsymbol, quantity, holding, stop, band } = position;
  if (holding < quantity)
    return `${quantity} ${tradingsymbol} were carried over, the account holds ${holding}`;
  if (stop !== null && stop > band.upper)
    return `the stop of ${tradingsymbol} at ${formatRupees(stop)} lies above today's band, which ends at ${formatRupees(band.upper)}`;
  return null;
}
