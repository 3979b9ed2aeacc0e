// The time of one session as the engine knows it: the day, the market instant it has reached, what is
// due next, and the phase a stock is in. It is moved from outside and never goes back.
import type { TradingDay } from '../../domain/session/calendar';
import { epochMs, type EpochMs } from '../../domain/units';
import { chanceFor } from '../market/chance';
import type { Listing } from '../market/listing';
import { Schedule } from './schedule';
import { phaseAt, type SessionPhase } from './sessionGate';

/** Milliseconds after `at`. */
export const later = (at: EpochMs, ms: number): EpochMs => epochMs(at + ms);

export class SessionTime {
  readonly day: TradingDay;
  private readonly seed: number;
  private readonly schedule = new Schedule();
  private current: EpochMs;

  constructor(day: TradingDay, seed: number, startAt: EpochMs) {
    this.day = day;
    this.seed = seed;
    this.current = startAt;
  }

  /** Market time reached. */
  get now(): EpochMs {
    return this.current;
  }

  /** Moves on to `at`. Going back in time does nothing. */
  moveTo(at: EpochMs): void {
    this.current = epochMs(Math.max(this.current, at));
  }

  /** Moves on over a time in which nothing was done: what was due by then is due a moment after it. */
  skipTo(at: EpochMs): void {
    this.moveTo(at);
    this.schedule.putOff(this.current, later(this.current, 1));
  }

  /** Does it at the instant; of two things at one instant, the one entered first is done first. */
  at(instant: EpochMs, act: (at: EpochMs) => void): void {
    this.schedule.add(instant, act);
  }

  /** Does it 15-60 ms of market time later, drawn from the order's own stream. */
  afterDelay(orderId: string, step: string, act: (at: EpochMs) => void): void {
    const delay = chanceFor(this.seed, `delay/${orderId}/${step}`).whole(15, 60);
    this.schedule.add(later(this.current, delay), act);
  }

  /** When the next thing entered is due, undefined when there is none. */
  nextAt(): EpochMs | undefined {
    return this.schedule.nextAt();
  }

  /** Does the thing that is due next. */
  runNext(): void {
    this.schedule.runNext();
  }

  /** The phase of the stock now. */
  phase(listing: Listing): SessionPhase {
    return phaseAt(this.day, listing, this.current, this.seed);
  }
}
