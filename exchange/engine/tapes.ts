// The tapes of everything listed today, by tradingsymbol and by instrument token.
import { invariant } from '../../domain/assert';
import type { Listing } from '../market/listing';
import { unknownInstrument } from './kiteError';
import { Tape } from './tape';

export class Tapes {
  readonly byToken: ReadonlyMap<number, Tape>;
  private readonly bySymbol: ReadonlyMap<string, Tape>;

  constructor(listings: readonly Listing[], seed: number) {
    const tapes = listings.map((listing) => new Tape(listing, seed));
    this.byToken = new Map(tapes.map((tape) => [tape.listing.instrumentToken, tape]));
    this.bySymbol = new Map(tapes.map((tape) => [tape.listing.tradingsymbol, tape]));
  }

  /** @throws KiteError as Kite says it for an unknown instrument. */
  named(tradingsymbol: string): Tape {
    const tape = this.bySymbol.get(tradingsymbol);
    if (tape !== undefined) return tape;
    throw unknownInstrument();
  }

  /** Undefined for an unknown instrument. */
  find(tradingsymbol: string): Tape | undefined {
    return this.bySymbol.get(tradingsymbol);
  }

  /** The tape of something known to be listed. */
  of({ instrumentToken }: Pick<Listing, 'instrumentToken'>): Tape {
    const tape = this.byToken.get(instrumentToken);
    invariant(tape !== undefined, 'Invariant: an order belongs to a listed instrument');
    return tape;
  }
}
