// The virtual clock of backtest and simulation: the exchange's events and all others in one order of time.
// Nothing waits, so an hour of market passes as fast as it can be computed.
import { Schedule } from '../exchange/engine/schedule';
import type { Exchange } from '../exchange/engine/exchange';
import { epochMs, type EpochMs } from '../domain/units';

export class VirtualClock {
  readonly #schedule = new Schedule();
  #now: EpochMs;

  constructor(startAt: EpochMs) {
    this.#now = startAt;
  }

  get now(): EpochMs {
    return this.#now;
  }

  /** Acts after `ms`, and after everything already due at that instant. */
  later(ms: number, act: () => void): void {
    this.#schedule.add(epochMs(Math.ceil(this.#now + Math.max(0, ms))), act);
  }

  at(instant: number, act: () => void): void {
    this.later(instant - this.#now, act);
  }

  /** Runs exchange and world until `endAt`. */
  run(exchange: Exchange, endAt: number): void {
    for (;;) {
      const own = this.#schedule.nextAt() ?? Infinity;
      const market = exchange.nextAt() ?? Infinity;
      const next = Math.min(own, market);
      if (next > endAt) break;
      this.#now = epochMs(Math.max(this.#now, next));
      exchange.advanceTo(this.#now);
      if (own <= next) this.#schedule.runNext();
    }
    this.#now = epochMs(endAt);
    exchange.advanceTo(this.#now);
  }
}
