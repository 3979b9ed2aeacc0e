// What a trade of the market does here: the circuit limits look at it, the tape takes it, our orders meet
// it, then the triggers, and last whoever listens. It comes from the day's source or from a hand.
import { isOnTick } from '../../domain/market/instrument';
import { epochMs, paise, shares, type Paise } from '../../domain/units';
import type { MarketSource, Tick } from '../market/source';
import type { Circuits } from './circuits';
import type { Floor } from './floor';
import type { GttDesk } from './gtt';
import { inputError } from './kiteError';
import type { SessionTime } from './sessionTime';
import type { Tape } from './tape';
import type { Tapes } from './tapes';

export interface TickPathParts {
  readonly source: Pick<MarketSource, 'feed' | 'print'>;
  readonly circuits: Pick<Circuits, 'locked' | 'follow' | 'slide'>;
  readonly floor: Pick<Floor, 'meetTrade'>;
  readonly gtts: Pick<GttDesk, 'meetPrice'>;
  readonly tapes: Pick<Tapes, 'named' | 'of'>;
  readonly time: Pick<SessionTime, 'now' | 'phase'>;
  /** Told after the tick was applied and matched. */
  readonly told: (tape: Tape) => void;
}

export class TickPath {
  private readonly parts: TickPathParts;

  constructor(parts: TickPathParts) {
    this.parts = parts;
  }

  /** Takes the source's next tick. */
  take(): void {
    const { source, circuits, floor, gtts, tapes, time, told } = this.parts;
    const taken = source.feed.take();
    const tape = tapes.of({ instrumentToken: taken.token });
    const tick = circuits.locked(taken);
    this.moveBand(tape, tick);
    tape.apply(tick);
    if (!tape.listing.isIndex && this.isTraded(tape, tick)) {
      // A tick seen elsewhere is dated when it happened, which may be before an order it meets had arrived.
      floor.meetTrade(tape, tick.quantity, epochMs(Math.max(tick.at, time.now)));
      gtts.meetPrice(tape.listing.tradingsymbol, tick.price);
    }
    told(tape);
  }

  /** A trade by hand at the present moment. @throws KiteError when the price is not on the tick. */
  print(tradingsymbol: string, price: Paise, quantity: number): void {
    const { source, floor, gtts, tapes, time, told } = this.parts;
    const tape = tapes.named(tradingsymbol);
    const { tickSize, instrumentToken: token } = tape.listing;
    if (price <= 0 || !isOnTick(price, tickSize)) {
      throw inputError(
        `price must be a positive multiple of the tick ${tickSize / 100}, was ${price / 100}`,
      );
    }
    const tick = {
      at: time.now,
      token,
      price,
      quantity: shares(quantity),
      rangeLow: paise(Math.min(price, tape.rangeLow)),
      rangeHigh: paise(Math.max(price, tape.rangeHigh)),
    };
    source.print?.(tick);
    tape.apply(tick);
    floor.meetTrade(tape, quantity, time.now);
    gtts.meetPrice(tradingsymbol, price);
    told(tape);
  }

  private moveBand({ listing, band }: Tape, tick: Tick): void {
    const { circuits } = this.parts;
    const seen = tick.seen?.band ?? band;
    if (seen.lower !== band.lower || seen.upper !== band.upper)
      circuits.slide(listing.tradingsymbol, seen);
    circuits.follow(tick);
  }

  /** Of a market elsewhere, prices of the auctions are seen too: no order of ours meets those. */
  private isTraded({ listing }: Tape, { seen }: Tick): boolean {
    return seen === undefined || this.parts.time.phase(listing) === 'continuous';
  }
}
