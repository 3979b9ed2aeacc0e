// The account's one gate before the broker: waits until the limiter lets a write through, urgent writes
// first. It lives in the one process that sends this account's orders (docs/decisions/0007).
import {
  waitForWrite,
  writePriority,
  type WriteKind,
  type WriteLimits,
} from '../../domain/orders/limiter';
import { epochMs, type EpochMs } from '../../domain/units';

interface Waiter {
  readonly kind: WriteKind;
  readonly tag: string;
  readonly admit: () => void;
}

export class WriteGate {
  readonly #limits: WriteLimits;
  readonly #log: EpochMs[];
  readonly #admitted: (kind: WriteKind, tag: string, at: EpochMs) => void;
  #waiting: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param sentToday instants of the writes already sent, from the write log.
   * @param admitted told of every write let through.
   */
  constructor(
    limits: WriteLimits,
    sentToday: readonly EpochMs[] = [],
    admitted: (kind: WriteKind, tag: string, at: EpochMs) => void = () => undefined,
  ) {
    this.#limits = limits;
    this.#log = [...sentToday];
    this.#admitted = admitted;
  }

  /**
   * Resolves when this write may be sent.
   * @param givenUp aborts when nobody waits for the write any more: it is then never sent.
   * @throws Error when it was given up while it waited.
   */
  admit(kind: WriteKind, tag: string, givenUp?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = { kind, tag, admit: resolve };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((one) => one !== waiter);
        reject(new Error('given up before it was sent'));
      };
      if (givenUp?.aborted === true) {
        leave();
        return;
      }
      givenUp?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiter);
      this.#waiting.sort((a, b) => writePriority[a.kind] - writePriority[b.kind]);
      this.#drain();
    });
  }

  #drain(): void {
    clearTimeout(this.#timer);
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const now = epochMs(Date.now());
      const waitMs = waitForWrite(this.#log, now, this.#limits, next.kind);
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#drain(), Math.min(waitMs, 60_000));
        return;
      }
      this.#log.push(now);
      this.#waiting.shift();
      this.#admitted(next.kind, next.tag, now);
      next.admit();
    }
  }
}
