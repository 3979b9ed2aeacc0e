// The tick gateway under the virtual clock: bands in, crossings out with one in flight per position, order
// updates out as hints. What happens to ticks and updates on the way is drawn from the fault mix.
import type { PositionEvent } from '../../domain/position';
import { drained, type TickGate, type TickSieve, type TriggerBand } from '../../domain/trailing';
import { paise, type Paise } from '../../domain/units';
import type { Chance } from '../../infra/paper-exchange/market/chance';
import type { Machine } from './machine';
import type { FaultName } from './swarm';
import type { World } from './world';

/** How long a position may take to answer a crossing with a new band before more is sent. */
const answerMaxMs = 1_000;

interface Watched {
  readonly tradingsymbol: string;
  gate: TickGate;
  inFlight: boolean;
}

interface PublishedBand extends TriggerBand {
  readonly tradingsymbol: string;
}

export interface GatewayParts {
  readonly world: World;
  readonly chance: Chance;
  readonly machine: Pick<Machine, 'offer' | 'openGate' | 'sift'>;
  readonly sieveOf: (tradingsymbol: string) => TickSieve;
  readonly strikes: (fault: FaultName, tag: string) => boolean;
  readonly deliver: (tag: string, event: PositionEvent) => void;
}

export class Gateway {
  readonly #parts: GatewayParts;
  /** As Postgres keeps them: they outlive the gateway. */
  readonly #published = new Map<string, PublishedBand>();
  readonly #watched = new Map<string, Watched>();
  readonly #lastPrices = new Map<string, Paise>();
  readonly #sieves = new Map<string, TickSieve>();
  #seq = 0;
  #silent = false;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  publish(tag: string, band: PublishedBand): void {
    this.#published.set(tag, band);
    this.#parts.world.later(this.#parts.chance.whole(2, 30), () => {
      if (this.#silent || this.#published.get(tag) !== band) return;
      const pending = this.#watched.get(tag)?.gate.path;
      this.#watch(tag, band, pending);
      this.#send(tag);
    });
  }

  withdraw(tag: string): void {
    this.#published.delete(tag);
    this.#watched.delete(tag);
  }

  tick(tradingsymbol: string, price: Paise): void {
    const { strikes } = this.#parts;
    if (this.#silent || strikes('lostTick', '')) return;
    const stale = strikes('staleTick', '') ? this.#lastPrices.get(tradingsymbol) : undefined;
    if (strikes('spikeTick', ''))
      this.#take(tradingsymbol, paise(Math.round((price * 1.2) / 5) * 5));
    this.#take(tradingsymbol, stale ?? price);
    if (stale === undefined) this.#lastPrices.set(tradingsymbol, price);
  }

  orderUpdate(tag: string | null): void {
    const { world, chance, strikes } = this.#parts;
    if (tag === null || this.#silent || strikes('lostUpdate', tag)) return;
    const hint = (): void => this.#hint(tag);
    world.later(
      strikes('lateUpdate', tag) ? chance.whole(1_000, 30_000) : chance.whole(5, 40),
      hint,
    );
    if (strikes('duplicateUpdate', tag)) world.later(chance.whole(5, 2_000), hint);
  }

  /** Hears nothing for a while; when it is back, what it watched is as it was, unless it `forgot`. */
  fallSilent(ms: number, forgot: boolean): void {
    this.#silent = true;
    if (forgot) this.#watched.clear();
    this.#parts.world.later(ms, () => {
      this.#silent = false;
      for (const [tag, band] of this.#published) {
        this.#watch(tag, band, this.#watched.get(tag)?.gate.path);
        this.#hint(tag);
      }
    });
  }

  #watch(tag: string, band: PublishedBand, pending?: readonly Paise[]): void {
    const gate = this.#parts.machine.openGate(band, pending);
    this.#watched.set(tag, { tradingsymbol: band.tradingsymbol, gate, inFlight: false });
  }

  #take(tradingsymbol: string, price: Paise): void {
    const { machine, sieveOf } = this.#parts;
    const sieve = this.#sieves.get(tradingsymbol) ?? sieveOf(tradingsymbol);
    const sifted = machine.sift(sieve, price);
    this.#sieves.set(tradingsymbol, sifted.sieve);
    for (const believed of sifted.believed) this.#offer(tradingsymbol, believed);
  }

  #offer(tradingsymbol: string, price: Paise): void {
    for (const [tag, watched] of this.#watched) {
      if (watched.tradingsymbol !== tradingsymbol) continue;
      watched.gate = this.#parts.machine.offer(watched.gate, price);
      this.#send(tag);
    }
  }

  #hint(tag: string): void {
    this.#parts.deliver(tag, { kind: 'hinted' });
  }

  #send(tag: string): void {
    const { world, chance, deliver } = this.#parts;
    const watched = this.#watched.get(tag);
    if (watched === undefined || watched.inFlight || watched.gate.path.length === 0) return;
    const { path } = watched.gate;
    watched.gate = drained(watched.gate);
    watched.inFlight = true;
    this.#seq += 1;
    const seq = this.#seq;
    world.later(chance.whole(3, 30), () =>
      deliver(tag, { kind: 'crossed', seq, path, atr: 0, at: world.now }),
    );
    world.later(answerMaxMs, () => {
      if (this.#watched.get(tag) !== watched) return;
      watched.inFlight = false;
      this.#send(tag);
    });
  }
}
