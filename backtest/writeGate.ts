// The account's write gate under the virtual clock. The domain's limiter decides when a write leaves, and the
// most urgent one leaves first.
import {
  writePriority,
  type waitForWrite,
  type WriteKind,
  type WriteLimits,
} from '../domain/orders/limiter';
import type { EpochMs } from '../domain/units';
import type { VirtualClock } from './virtualClock';

interface Waiter {
  readonly kind: WriteKind;
  readonly admit: () => void;
}

export class WriteGate {
  protected waiting: Waiter[] = [];
  readonly #clock: VirtualClock;
  readonly #wait: typeof waitForWrite;
  readonly #limits: WriteLimits;
  readonly #log: EpochMs[] = [];
  #drainAt = Infinity;

  constructor(clock: VirtualClock, wait: typeof waitForWrite, limits: WriteLimits) {
    this.#clock = clock;
    this.#wait = wait;
    this.#limits = limits;
  }

  /** Calls `admit` when the write may leave. */
  admit(kind: WriteKind, admit: () => void): void {
    this.waiting.push({ kind, admit });
    this.waiting.sort((one, other) => writePriority[one.kind] - writePriority[other.kind]);
    this.#drain();
  }

  #drain(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      const { now } = this.#clock;
      const waitMs = this.#wait(this.#log, now, this.#limits, next.kind);
      if (waitMs > 0) {
        this.#drainLater(now + Math.min(waitMs, 60_000));
        return;
      }
      this.#log.push(now);
      this.waiting.shift();
      next.admit();
    }
  }

  #drainLater(at: number): void {
    if (at >= this.#drainAt && this.#drainAt > this.#clock.now) return;
    this.#drainAt = at;
    this.#clock.at(at, () => {
      this.#drainAt = Infinity;
      this.#drain();
    });
  }
}
