// What is to happen and when, on the market's clock. At one instant the thing scheduled first happens
// first, so a run with the same requests is the same run.
import type { EpochMs } from '../../domain/units';

interface Due {
  readonly at: EpochMs;
  readonly sequence: number;
  readonly act: (at: EpochMs) => void;
}

export class Schedule {
  private readonly heap: Due[] = [];
  private sequence = 0;

  add(at: EpochMs, act: (at: EpochMs) => void): void {
    this.sequence += 1;
    this.heap.push({ at, sequence: this.sequence, act });
    this.rise(this.heap.length - 1);
  }

  nextAt(): EpochMs | undefined {
    return this.heap[0]?.at;
  }

  /** Removes the earliest and does it. Nothing happens when nothing is scheduled. */
  runNext(): void {
    const [first] = this.heap;
    if (first === undefined) return;
    this.removeFirst();
    first.act(first.at);
  }

  /** Puts off what is due by then to a later instant, in its order. */
  putOff(due: EpochMs, until: EpochMs): void {
    const late: Due[] = [];
    for (let [first] = this.heap; first !== undefined && first.at <= due; [first] = this.heap) {
      late.push(first);
      this.removeFirst();
    }
    for (const { act } of late) this.add(until, act);
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  private sink(from: number): void {
    let index = from;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = this.isEarlier(right, left) ? right : left;
      if (!this.swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  private swapIfEarlier(lower: number, upper: number): boolean {
    const [one, other] = [this.heap[lower], this.heap[upper]];
    if (one === undefined || other === undefined || !this.isEarlier(lower, upper)) return false;
    this.heap[lower] = other;
    this.heap[upper] = one;
    return true;
  }

  private isEarlier(index: number, than: number): boolean {
    const [one, other] = [this.heap[index], this.heap[than]];
    if (one === undefined) return false;
    if (other === undefined) return true;
    return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
  }
}
