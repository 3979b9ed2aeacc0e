// The account's write gate under the virtual clock. The domain's limiter decides when a write leaves, and the
// most urgent one leaves first.
import {
  writePriority,
  type waitForWrite,
  type WriteKind,
  type WriteLimits,
} from '../domain/orders/limiter';
import type { EpochMs } from '../domain/units';
import type { World } from './world';

interface Waiter {
  readonly kind: WriteKind;
  readonly admit: () => void;
}

export class WriteGate {
  protected waiting: Waiter[] = [];
  readonly #world: World;
  readonly #wait: typeof waitForWrite;
  readonly #limits: WriteLimits;
  readonly #log: EpochMs[] = [];
  #drainAt = Infinity;

  constructor(world: World, wait: typeof waitForWrite, limits: WriteLimits) {
    this.#world = world;
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
      const { now } = this.#world;
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
    if (at >= this.#drainAt && this.#drainAt > this.#world.now) return;
    this.#drainAt = at;
    this.#world.at(at, () => {
      this.#drainAt = Infinity;
      this.#drain();
    });
  }
}
