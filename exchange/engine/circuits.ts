// Circuit limits that lock a stock or slide, as tests and faults ask for. A locked stock trades only at
// its limit; nobody offers on the far side, and who must trade with it waits until it is unlocked. Source: docs/kite.md, Price rules.
import { roundToTick, type PriceBand } from '../../domain/market/instrument';
import { paise, type Paise } from '../../domain/units';
import type { Tick } from '../market/source';
import type { OrderDesk } from './orderDesk';
import type { SessionTime } from './sessionTime';
import type { Tapes } from './tapes';

export interface CircuitParts {
  readonly tapes: Pick<Tapes, 'named' | 'of'>;
  readonly desk: Pick<OrderDesk, 'liveIn' | 'finish'>;
  readonly time: Pick<SessionTime, 'now'>;
  /** Trades the stock at the price now. */
  readonly print: (tradingsymbol: string, price: Paise, quantity: number) => void;
}

export class Circuits {
  private readonly parts: CircuitParts;
  /** Prices nailed to a limit, by token. */
  private readonly locks = new Map<number, Paise>();

  constructor(parts: CircuitParts) {
    this.parts = parts;
  }

  /** Nails a stock to its upper or lower limit: the far side of its book is empty until `unlock`. */
  lock(tradingsymbol: string, side: 'upper' | 'lower'): void {
    const tape = this.parts.tapes.named(tradingsymbol);
    const price = tape.band[side];
    this.locks.set(tape.listing.instrumentToken, price);
    tape.lockedOut = side === 'upper' ? 'BUY' : 'SELL';
    this.parts.print(tradingsymbol, price, 0);
  }

  unlock(tradingsymbol: string): void {
    const tape = this.parts.tapes.named(tradingsymbol);
    tape.lockedOut = null;
    this.locks.delete(tape.listing.instrumentToken);
  }

  /** Slides the price band; resting limits outside it are cancelled by the exchange. */
  slide(tradingsymbol: string, band: PriceBand): void {
    const { desk, time } = this.parts;
    const tape = this.parts.tapes.named(tradingsymbol);
    tape.setBand(band);
    for (const order of desk.liveIn(tape.listing.instrumentToken)) {
      const isOutside = order.price < band.lower || order.price > band.upper;
      if (order.stage !== 'resting' || !isOutside) continue;
      const reason = 'Cancelled by the exchange: the price band has moved.';
      desk.finish(order, 'CANCELLED', time.now, [reason, reason]);
    }
  }

  /**
   * Moves the band, five percent of the last close at a time, until it holds a price that the source says
   * was traded: the real exchange must have moved it. Its other side moves along. Without a last close there is
   * no step to move it by.
   */
  follow({ token, price }: Tick): void {
    const tape = this.parts.tapes.of({ instrumentToken: token });
    const { listing, band, previousClose } = tape;
    if (listing.isIndex || previousClose === 0 || (price >= band.lower && price <= band.upper))
      return;
    const step = previousClose * 0.05;
    const steps =
      price > band.upper
        ? Math.ceil((price - band.upper) / step)
        : -Math.ceil((band.lower - price) / step);
    const { tickSize } = listing;
    const lower = roundToTick(band.lower + steps * step, tickSize, 'up');
    const upper = roundToTick(band.upper + steps * step, tickSize, 'down');
    this.slide(listing.tradingsymbol, { lower: paise(Math.max(tickSize, lower)), upper });
  }

  /** The tick as a locked stock trades it. */
  locked(tick: Tick): Tick {
    const price = this.locks.get(tick.token);
    return price === undefined ? tick : { ...tick, price, rangeLow: price, rangeHigh: price };
  }
}
