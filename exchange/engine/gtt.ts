// Good-till-triggered orders: they wait outside the exchange for a last price and then only PLACE a
// limit order; whether that one is accepted is its own story. A two-leg one holds a stop below and a
// target above; the first leg to trigger spends both. Source: docs/kite.md, Triggers.
import { addDays, type SessionDate } from '../../domain/session/calendar';
import { istDate } from '../../domain/session/sessionClock';
import type { EpochMs, Paise } from '../../domain/units';
import { journalLine, type JournalSink } from './journal';
import { KiteError, inputError } from './kiteError';
import type { OrderTerms, OrderView } from './order';
import type { SessionTime } from './sessionTime';
import type { Tapes } from './tapes';

export type GttStatus = 'active' | 'triggered' | 'cancelled' | 'deleted' | 'expired';

export interface GttLeg {
  readonly triggerPrice: Paise;
  readonly terms: OrderTerms;
}

/** What came of a triggered leg: the order it placed, or why that failed. */
export interface GttResult {
  readonly at: EpochMs;
  readonly orderId: string;
  readonly rejection: string | null;
}

export interface Gtt {
  readonly id: number;
  readonly tradingsymbol: string;
  readonly createdAt: EpochMs;
  updatedAt: EpochMs;
  status: GttStatus;
  /** Last price when it was placed, as the client said. */
  lastPrice: Paise;
  /** One leg, or two: the lower trigger first. */
  legs: readonly GttLeg[];
  results: (GttResult | null)[];
}

export interface GttWish {
  readonly tradingsymbol: string;
  readonly lastPrice: Paise;
  readonly legs: readonly GttLeg[];
}

const activeMax = 100;
const firstId = 100_001;
const lifeDays = 365;
/** How long one that is over stays in the list. */
const listedDays = 7;

/** The first date it is no longer met on. */
export const expiryOf = ({ createdAt }: Pick<Gtt, 'createdAt'>): SessionDate =>
  addDays(istDate(createdAt), lifeDays);

/** The triggers of earlier sessions and the id the next one gets. */
export interface GttState {
  readonly gtts: readonly Gtt[];
  readonly nextId: number;
}

const noGtts: GttState = { gtts: [], nextId: firstId };

export interface GttParts {
  readonly tapes: Pick<Tapes, 'named'>;
  readonly time: Pick<SessionTime, 'day' | 'now'>;
  readonly journal: JournalSink;
  /** Places the order of a triggered leg. @throws KiteError when it is refused. */
  readonly place: (terms: OrderTerms) => OrderView;
}

export class GttDesk {
  private readonly parts: GttParts;
  private readonly triggers = new Map<number, Gtt>();
  private nextId: number;

  constructor(parts: GttParts, { gtts, nextId }: GttState = noGtts) {
    this.parts = parts;
    this.nextId = nextId;
    const { day, now } = parts.time;
    const { date } = day;
    for (const gtt of gtts) {
      if (!isActive(gtt) && istDate(gtt.updatedAt) < addDays(date, -listedDays)) continue;
      const isOld = isActive(gtt) && expiryOf(gtt) <= date;
      this.triggers.set(gtt.id, isOld ? { ...gtt, status: 'expired', updatedAt: now } : { ...gtt });
    }
  }

  /** For the next session. */
  state(): GttState {
    return { gtts: this.all(), nextId: this.nextId };
  }

  /** @throws KiteError when a trigger lies on the wrong side of the price, or there are too many. */
  place(wish: GttWish): Gtt {
    this.check(wish);
    if ([...this.triggers.values()].filter(isActive).length >= activeMax) {
      throw inputError(`Maximum ${activeMax} active GTTs are allowed.`);
    }
    const { now } = this.parts.time;
    const gtt: Gtt = {
      id: this.nextId,
      tradingsymbol: wish.tradingsymbol,
      createdAt: now,
      updatedAt: now,
      status: 'active',
      lastPrice: wish.lastPrice,
      legs: wish.legs,
      results: wish.legs.map(() => null),
    };
    this.nextId += 1;
    this.triggers.set(gtt.id, gtt);
    this.record(gtt, 'placed');
    return gtt;
  }

  /** @throws KiteError when it is not active or the new triggers are wrong. */
  modify(id: number, wish: GttWish): Gtt {
    const gtt = this.active(id);
    if (gtt.tradingsymbol !== wish.tradingsymbol) throw inputError('Invalid `tradingsymbol`.');
    this.check(wish);
    gtt.lastPrice = wish.lastPrice;
    gtt.legs = wish.legs;
    gtt.results = wish.legs.map(() => null);
    this.record(gtt, 'modified');
    return gtt;
  }

  delete(id: number): Gtt {
    const gtt = this.active(id);
    gtt.status = 'deleted';
    this.record(gtt, 'deleted');
    return gtt;
  }

  /** @throws KiteError 404 for an id that never was. */
  find(id: number): Gtt {
    const gtt = this.triggers.get(id);
    if (gtt !== undefined) return gtt;
    throw new KiteError(404, 'GeneralException', 'Trigger not found');
  }

  all(): readonly Gtt[] {
    return [...this.triggers.values()];
  }

  /** Lets the active triggers of a stock see its last price. */
  meetPrice(tradingsymbol: string, price: Paise): void {
    for (const gtt of this.activeOf(tradingsymbol)) {
      const leg = legMet(gtt, price);
      if (leg >= 0) this.fire(gtt, leg);
    }
  }

  /** Is there one that the price would trigger? */
  wouldFire(tradingsymbol: string, price: Paise): boolean {
    return this.activeOf(tradingsymbol).some((gtt) => legMet(gtt, price) >= 0);
  }

  private activeOf(tradingsymbol: string): readonly Gtt[] {
    return [...this.triggers.values()].filter(
      (gtt) => isActive(gtt) && gtt.tradingsymbol === tradingsymbol,
    );
  }

  private fire(gtt: Gtt, index: number): void {
    const leg = gtt.legs[index];
    if (leg === undefined) return;
    gtt.status = 'triggered';
    gtt.results[index] = this.placeLeg(leg);
    this.record(gtt, 'triggered');
  }

  private placeLeg({ terms }: GttLeg): GttResult {
    const at = this.parts.time.now;
    try {
      return { at, orderId: this.parts.place(terms).orderId, rejection: null };
    } catch (error) {
      if (error instanceof KiteError) return { at, orderId: '', rejection: error.message };
      throw error;
    }
  }

  private check({ tradingsymbol, legs, lastPrice }: GttWish): void {
    this.parts.tapes.named(tradingsymbol);
    const [lower, upper] = legs;
    if (lower === undefined || legs.length > 2) throw inputError('Invalid `condition`.');
    if (legs.some(({ triggerPrice }) => triggerPrice === lastPrice)) {
      throw inputError('Trigger price cannot be equal to the last price.');
    }
    if (upper === undefined) return;
    if (lower.triggerPrice >= lastPrice || upper.triggerPrice <= lastPrice) {
      throw inputError(
        'The stoploss trigger must be below and the target trigger above the last price.',
      );
    }
  }

  private active(id: number): Gtt {
    const gtt = this.find(id);
    if (isActive(gtt)) return gtt;
    throw inputError('Trigger is not active.');
  }

  private record(gtt: Gtt, event: string): void {
    gtt.updatedAt = this.parts.time.now;
    const { id, tradingsymbol, status, legs, results } = gtt;
    const { side, product, quantity } = legs[0]?.terms ?? {};
    this.parts.journal(
      journalLine(gtt.updatedAt, 'gtt', {
        id,
        tradingsymbol,
        status,
        event,
        side: side ?? null,
        product: product ?? null,
        quantity: quantity ?? null,
        lower: legs[0]?.triggerPrice ?? null,
        upper: legs[1]?.triggerPrice ?? null,
        orderId: results.find((result) => result !== null)?.orderId ?? null,
        lastPrice: gtt.lastPrice,
        legs: JSON.stringify(legs),
      }),
    );
  }
}

/** The leg that the price triggers, -1 for none. */
const legMet = ({ legs, lastPrice }: Gtt, price: Paise): number =>
  legs.findIndex(({ triggerPrice }) =>
    triggerPrice >= lastPrice ? price >= triggerPrice : price <= triggerPrice,
  );

const isActive = ({ status }: Gtt): boolean => status === 'active';
