// The tick gateway under the virtual clock: bands in, crossings out, one in flight per position, as in
// workers/crossings.ts. The simulation makes its feed fail; the backtest does not.
import type { OrderReport } from '../domain/orders/order';
import type { PositionEvent } from '../domain/position';
import {
  drained,
  type offer,
  type openGate,
  type sift,
  type TickGate,
  type TickSieve,
  type TriggerBand,
} from '../domain/trailing';
import type { Paise } from '../domain/units';
import type { VirtualClock } from './virtualClock';

/** How long a position may take to answer a crossing with a new band. After that more is sent. */
const answerMaxMs = 1_000;

interface Watched {
  readonly tradingsymbol: string;
  gate: TickGate;
  inFlight: boolean;
}

export interface PublishedBand extends TriggerBand {
  readonly tradingsymbol: string;
}

export interface GatewayParts {
  readonly clock: VirtualClock;
  /** How long a message travels, between the two, milliseconds. */
  readonly delay: (least: number, most: number) => number;
  readonly machine: {
    readonly offer: typeof offer;
    readonly openGate: typeof openGate;
    readonly sift: typeof sift;
  };
  readonly sieveOf: (tradingsymbol: string) => TickSieve;
  readonly deliver: (tag: string, event: PositionEvent) => void;
}

export class CrossingGateway {
  /** Bands as Postgres would keep them: they outlive the gateway. */
  protected readonly published = new Map<string, PublishedBand>();
  protected readonly watched = new Map<string, Watched>();
  readonly #parts: GatewayParts;
  readonly #sieves = new Map<string, TickSieve>();
  #seq = 0;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  publish(tag: string, band: PublishedBand): void {
    this.published.set(tag, band);
    this.#parts.clock.later(this.#parts.delay(2, 30), () => {
      if (!this.isListening() || this.published.get(tag) !== band) return;
      this.watch(tag, band);
      this.#send(tag);
    });
  }

  withdraw(tag: string): void {
    this.published.delete(tag);
    this.watched.delete(tag);
  }

  tick(tradingsymbol: string, price: Paise): void {
    const { machine, sieveOf } = this.#parts;
    const sieve = this.#sieves.get(tradingsymbol) ?? sieveOf(tradingsymbol);
    const sifted = machine.sift(sieve, price);
    this.#sieves.set(tradingsymbol, sifted.sieve);
    for (const believed of sifted.believed) this.#offer(tradingsymbol, believed);
  }

  /**
   * An order has changed, so its position is told what of it. One without a tag may concern every position,
   * and each reads the books.
   */
  orderUpdate(tag: string | null, report: OrderReport | null): void {
    this.#parts.clock.later(this.#parts.delay(5, 40), () => this.hint(tag, report));
  }

  protected isListening(): boolean {
    return true;
  }

  /** Watches a band. Prices gathered under the earlier band are taken over. */
  protected watch(tag: string, band: PublishedBand): void {
    const gate = this.#parts.machine.openGate(band, this.watched.get(tag)?.gate.path);
    this.watched.set(tag, { tradingsymbol: band.tradingsymbol, gate, inFlight: false });
  }

  protected hint(tag: string | null, report: OrderReport | null): void {
    const { clock, deliver } = this.#parts;
    const tags = tag === null ? [...this.published.keys()] : [tag];
    for (const one of tags)
      deliver(
        one,
        report === null ? { kind: 'hinted' } : { kind: 'reported', report, at: clock.now },
      );
  }

  #offer(tradingsymbol: string, price: Paise): void {
    for (const [tag, watched] of this.watched) {
      if (watched.tradingsymbol !== tradingsymbol) continue;
      watched.gate = this.#parts.machine.offer(watched.gate, price);
      this.#send(tag);
    }
  }

  #send(tag: string): void {
    const { clock, delay, deliver } = this.#parts;
    const watched = this.watched.get(tag);
    if (watched === undefined || watched.inFlight || watched.gate.path.length === 0) return;
    const { path } = watched.gate;
    watched.gate = drained(watched.gate);
    watched.inFlight = true;
    this.#seq += 1;
    const seq = this.#seq;
    clock.later(delay(3, 30), () =>
      deliver(tag, { kind: 'crossed', epoch: 0, seq, path, at: clock.now }),
    );
    clock.later(answerMaxMs, () => {
      if (this.watched.get(tag) !== watched) return;
      watched.inFlight = false;
      this.#send(tag);
    });
  }
}
