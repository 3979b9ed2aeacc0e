// Kite's request limits, counted per calendar second of the server's own clock. That is host time: a fast
// market clock does not make a client's requests faster. A request over the limit gets 429; nothing is
// queued. Source: docs/kite.md, Limits.
import { tooManyRequests } from '../engine/kiteError';

export type LimitKind = 'quote' | 'historical' | 'order' | 'other';

/** Most requests per calendar second, and for order writes per minute and per day. */
export interface RequestLimits {
  readonly perSecond: Readonly<Record<LimitKind, number>>;
  readonly ordersPerMinute: number;
  readonly ordersPerDay: number;
}

export const kiteLimits: RequestLimits = {
  perSecond: { quote: 1, historical: 3, order: 10, other: 10 },
  ordersPerMinute: 400,
  ordersPerDay: 5_000,
};

/** For trying things by hand and for tests. */
export const noLimits: RequestLimits = {
  perSecond: { quote: 1e9, historical: 1e9, order: 1e9, other: 1e9 },
  ordersPerMinute: 1e9,
  ordersPerDay: 1e9,
};

export class RateLimiter {
  private readonly limits: RequestLimits;
  private second = -1;
  private minute = -1;
  private readonly inSecond = new Map<LimitKind, number>();
  private ordersInMinute = 0;
  private ordersToday = 0;

  constructor(limits: RequestLimits) {
    this.limits = limits;
  }

  /** Counts the request. @throws KiteError 429 when it is one too many. */
  admit(kind: LimitKind, hostNow: number): void {
    this.turnPage(hostNow);
    const count = (this.inSecond.get(kind) ?? 0) + 1;
    if (count > this.limits.perSecond[kind]) throw tooManyRequests();
    if (kind === 'order') this.admitOrder();
    this.inSecond.set(kind, count);
  }

  private admitOrder(): void {
    const { ordersPerMinute, ordersPerDay } = this.limits;
    if (this.ordersInMinute >= ordersPerMinute || this.ordersToday >= ordersPerDay) {
      throw tooManyRequests();
    }
    this.ordersInMinute += 1;
    this.ordersToday += 1;
  }

  private turnPage(hostNow: number): void {
    const second = Math.floor(hostNow / 1_000);
    const minute = Math.floor(second / 60);
    if (second !== this.second) this.inSecond.clear();
    if (minute !== this.minute) this.ordersInMinute = 0;
    this.second = second;
    this.minute = minute;
  }
}

/** Which limit a request counts against. */
export function limitKind(method: string, path: string): LimitKind {
  if (path === '/quote' || path.startsWith('/quote/')) return 'quote';
  if (path.startsWith('/instruments/historical')) return 'historical';
  return path.startsWith('/orders/') && method !== 'GET' ? 'order' : 'other';
}
