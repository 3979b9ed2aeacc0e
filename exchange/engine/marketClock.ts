// The market's clock of the paper exchange: it stands until started, then runs `speed` market
// milliseconds per host millisecond. The host's time is passed in, so tests drive it by hand.
import { epochMs, type EpochMs } from '../../domain/units';
import { marketTime, type MarketClock } from '../../domain/session/sessionPlan';

export interface ClockTerms {
  readonly speed: number;
  readonly held: boolean;
  readonly since?: EpochMs;
}

export class RunningClock {
  readonly speed: number;
  /** Called when the clock is started or moved. */
  listener: () => void = () => undefined;
  private readonly hostNow: () => EpochMs;
  private clock: MarketClock;
  private isHeld: boolean;

  /** @param since the host's instant at which the market's was `startAt`; absent: now. */
  constructor(startAt: EpochMs, { speed, held, since }: ClockTerms, hostNow: () => EpochMs) {
    this.speed = speed;
    this.hostNow = hostNow;
    this.isHeld = held;
    this.clock = { marketAt: startAt, hostAt: since ?? hostNow(), speed };
  }

  get held(): boolean {
    return this.isHeld;
  }

  /** Market time now. */
  now(): EpochMs {
    return this.isHeld ? this.clock.marketAt : marketTime(this.clock, this.hostNow());
  }

  /** Lets the clock run from where it stands. A running clock goes on. */
  start(): void {
    if (!this.isHeld) return;
    this.clock = { ...this.clock, hostAt: this.hostNow() };
    this.isHeld = false;
    this.listener();
  }

  /** Moves a standing clock. A running one moves by itself and is left alone. */
  advance(ms: number): void {
    if (!this.isHeld) return;
    this.clock = { ...this.clock, marketAt: epochMs(this.clock.marketAt + ms) };
    this.listener();
  }

  /** The relation of host and market time; while held it is what starting now would give. */
  relation(): MarketClock {
    return this.isHeld ? { ...this.clock, hostAt: this.hostNow() } : this.clock;
  }
}
