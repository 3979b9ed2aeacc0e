// The tick gateway with a failing feed. The fault mix decides what happens to ticks and updates on the way,
// and the feed may be silent for a while.
import { CrossingGateway, type GatewayParts } from '../../backtest/crossingGateway';
import type { OrderReport } from '../../domain/orders/order';
import { paise, type Paise } from '../../domain/units';
import type { Chance } from '../../exchange/market/chance';
import type { FaultName } from './swarm';

export interface FailingFeedParts extends Omit<GatewayParts, 'delay'> {
  readonly chance: Chance;
  readonly strikes: (fault: FaultName, tag: string) => boolean;
}

export class Gateway extends CrossingGateway {
  readonly #parts: FailingFeedParts;
  readonly #lastPrices = new Map<string, Paise>();
  #silent = false;

  constructor(parts: FailingFeedParts) {
    super({ ...parts, delay: (least, most) => parts.chance.whole(least, most) });
    this.#parts = parts;
  }

  override tick(tradingsymbol: string, price: Paise): void {
    const { strikes } = this.#parts;
    if (this.#silent || strikes('lostTick', '')) return;
    const stale = strikes('staleTick', '') ? this.#lastPrices.get(tradingsymbol) : undefined;
    if (strikes('spikeTick', ''))
      super.tick(tradingsymbol, paise(Math.round((price * 1.2) / 5) * 5));
    super.tick(tradingsymbol, stale ?? price);
    if (stale === undefined) this.#lastPrices.set(tradingsymbol, price);
  }

  override orderUpdate(tag: string | null, report: OrderReport | null): void {
    const { clock, chance, strikes } = this.#parts;
    const whose = tag ?? '';
    if (this.#silent || strikes('lostUpdate', whose)) return;
    const hint = (): void => this.hint(tag, report);
    clock.later(
      strikes('lateUpdate', whose) ? chance.whole(1_000, 30_000) : chance.whole(5, 40),
      hint,
    );
    if (strikes('duplicateUpdate', whose)) clock.later(chance.whole(5, 2_000), hint);
  }

  /** Hears nothing for a while; when it is back, what it watched is as it was, unless it `forgot`. */
  fallSilent(ms: number, forgot: boolean): void {
    this.#silent = true;
    if (forgot) this.watched.clear();
    this.#parts.clock.later(ms, () => {
      this.#silent = false;
      for (const [tag, band] of this.published) {
        this.watch(tag, band);
        this.hint(tag, null);
      }
    });
  }

  protected override isListening(): boolean {
    return !this.#silent;
  }
}
