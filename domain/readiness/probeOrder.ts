// One share, far below the market, that is cancelled at once: the only proof that the broker takes orders from
// here. Its tag is no intent's, so no position looks for it and no record is missed.
import { roundToTick, type PriceBand } from '../market/instrument';
import { isLive, type BookOrder, type OrderRequest, type SendOutcome } from '../orders/order';
import { shares, type EpochMs, type Paise } from '../units';

export type ProbeResult =
  /** It rested at the broker and was cancelled. */
  | { readonly kind: 'proved'; readonly orderId: string }
  /** Nothing was sent, or it was turned away unlooked at. */
  | { readonly kind: 'notSent'; readonly why: string }
  /** The broker takes no orders from this address. */
  | { readonly kind: 'addressRefused'; readonly brokerSaid: string }
  | { readonly kind: 'refused'; readonly brokerSaid: string }
  /** It may exist: a person must look. */
  | { readonly kind: 'inDoubt'; readonly tag: string; readonly why: string }
  /** It exists and may still trade: a person must cancel it. */
  | { readonly kind: 'notCancelled'; readonly orderId: string; readonly why: string }
  /** It has traded: a person must sell the share. */
  | { readonly kind: 'bought'; readonly orderId: string; readonly tradingsymbol: string };

/** A stock it may be sent for. */
export interface ProbeStock {
  readonly tradingsymbol: string;
  readonly tickSize: Paise;
  readonly lastPrice: Paise;
  /** Shares traded today. */
  readonly volume: number;
  readonly band: PriceBand;
}

const tagStart = 'CHECK';

/** Says what the order is to whoever meets it in the books. @param at host clock. */
export const probeTag = (at: EpochMs): string =>
  `${tagStart}${Math.floor(at / 1_000)
    .toString(36)
    .toUpperCase()}`;

/** The least distance from the last price at which nothing is thought to trade within seconds. */
const distanceMin = 0.03;

/** The order for the most traded stock whose band leaves room; null where none does. */
export function probeOrder(stocks: readonly ProbeStock[], at: EpochMs): OrderRequest | null {
  const [stock] = stocks
    .filter(({ lastPrice, band }) => band.lower > 0 && band.lower <= lastPrice * (1 - distanceMin))
    .toSorted((one, other) => other.lastPrice * other.volume - one.lastPrice * one.volume);
  if (stock === undefined) return null;
  const { tradingsymbol, tickSize, band } = stock;
  return {
    tag: probeTag(at),
    tradingsymbol,
    side: 'BUY',
    product: 'MIS',
    quantity: shares(1),
    pricing: { kind: 'LIMIT', price: roundToTick(band.lower, tickSize, 'up') },
  };
}

/** What the answer to the order says; null where the books have to be read. */
export function sentProbe(outcome: SendOutcome): ProbeResult | null {
  if (outcome.kind === 'turnedAway') return { kind: 'notSent', why: outcome.message };
  if (outcome.kind !== 'rejected') return null;
  const kind = outcome.because === 'address' ? 'addressRefused' : 'refused';
  return { kind, brokerSaid: outcome.message };
}

/** What the order's row in the books says; null while it may still trade. */
export function bookedProbe(
  order: Pick<
    BookOrder,
    'orderId' | 'status' | 'statusMessage' | 'filledQuantity' | 'tradingsymbol'
  >,
): ProbeResult | null {
  const { orderId, status, statusMessage, filledQuantity, tradingsymbol } = order;
  if (filledQuantity > 0) return { kind: 'bought', orderId, tradingsymbol };
  if (isLive(order)) return null;
  return status === 'CANCELLED'
    ? { kind: 'proved', orderId }
    : { kind: 'refused', brokerSaid: statusMessage ?? `the order is ${status}` };
}

/** The end of waiting: what is known of an order that the books have not shown as ended. */
export const lostProbe = (tag: string, orderId: string | null, why: string): ProbeResult =>
  orderId === null ? { kind: 'inDoubt', tag, why } : { kind: 'notCancelled', orderId, why };
