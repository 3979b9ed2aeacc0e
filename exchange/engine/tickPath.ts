// What a trade of the market does here: the circuit limits look at it, the tape takes it, our orders meet
// it, then the triggers, and last whoever listens. It comes from the day's source or from a hand.
import { isOnTick } from '../../domain/market/instrument';
import type { PriceBand } from '../../domain/market/instrument';
import { epochMs, paise, shares, type Paise } from '../../domain/units';
import type { MarketSource, Tick } from '../market/source';
import type { Circuits } from './circuits';
import type { Floor } from './floor';
import type { GttDesk } from './gtt';
import { inputError } from './kiteError';
import { readTick, type MarketRecord } from './marketRecord';
import { mayMeet } from './matching';
import type { OrderDesk } from './orderDesk';
import type { SessionTime } from './sessionTime';
import type { Tape } from './tape';
import type { Tapes } from './tapes';

export interface TickPathParts {
  readonly source: Pick<MarketSource, 'feed' | 'print'>;
  readonly circuits: Pick<Circuits, 'locked' | 'follow' | 'slide'>;
  readonly floor: Pick<Floor, 'meetTrade'>;
  readonly gtts: Pick<GttDesk, 'meetPrice' | 'wouldFire'>;
  readonly desk: Pick<OrderDesk, 'liveIn'>;
  readonly record: Pick<MarketRecord, 'isKept' | 'meet'>;
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
    const { source, circuits, tapes, record } = this.parts;
    const taken = source.feed.take();
    const tape = tapes.of({ instrumentToken: taken.token });
    const tick = circuits.locked(taken);
    const pass = (): void => this.pass(tape, tick);
    if (record.isKept && this.mayChange(tape, tick)) record.meet(tape, tick, pass);
    else pass();
  }

  /** Lets a tick of the journal come again. */
  takeAgain(tape: Tape, text: string): void {
    const tick = readTick(text, tape);
    this.parts.record.meet(tape, tick, () => this.pass(tape, tick));
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

  private pass(tape: Tape, tick: Tick): void {
    const { floor, gtts, time, told } = this.parts;
    this.moveBand(tape, tick);
    tape.apply(tick);
    if (this.isMet(tape, tick)) {
      // A tick seen elsewhere is dated when it happened, which may be before an order it meets had arrived.
      floor.meetTrade(tape, tick.quantity, epochMs(Math.max(tick.at, time.now)));
      gtts.meetPrice(tape.listing.tradingsymbol, tick.price);
    }
    told(tape);
  }

  /** May the tick change anything but the tape? */
  private mayChange(tape: Tape, tick: Tick): boolean {
    const { desk, gtts } = this.parts;
    const { instrumentToken, tradingsymbol } = tape.listing;
    const live = desk.liveIn(instrumentToken);
    if (live.length > 0 && movesBand(tape, tick)) return true;
    const isReached =
      live.some((order) => mayMeet(order, tick.price, tick.seen?.depth)) ||
      gtts.wouldFire(tradingsymbol, tick.price);
    return isReached && this.isMet(tape, tick);
  }

  private moveBand({ listing, band }: Tape, tick: Tick): void {
    const { circuits } = this.parts;
    const seen = tick.seen?.band ?? band;
    if (seen.lower !== band.lower || seen.upper !== band.upper)
      circuits.slide(listing.tradingsymbol, seen);
    circuits.follow(tick);
  }

  /** Of a market elsewhere, prices of the auctions are seen too: no order of ours meets those. */
  private isMet({ listing }: Tape, { seen }: Tick): boolean {
    if (listing.isIndex) return false;
    return seen === undefined || this.parts.time.phase(listing) === 'continuous';
  }
}

/** Is another band seen with the tick, or one proven by its price? */
function movesBand({ band }: Tape, { price, seen }: Tick): boolean {
  const { lower, upper }: PriceBand = seen?.band ?? band;
  return lower !== band.lower || upper !== band.upper || price < lower || price > upper;
}
