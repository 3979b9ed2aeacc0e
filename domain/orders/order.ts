// Orders as the broker's books show them, reduced to what decisions need. The broker may report undocumented
// states: a state that is not known to be final counts as live.
import {
  shares,
  sideSign,
  type EpochMs,
  type Paise,
  type Product,
  type Shares,
  type Side,
} from '../units';

/** How an order is priced. A MARKET order exists only in the request: the books show it as a LIMIT. */
export type OrderPricing =
  | { readonly kind: 'LIMIT'; readonly price: Paise }
  /** Triggers at `trigger`, then rests as a limit at `price`. */
  | { readonly kind: 'SL'; readonly trigger: Paise; readonly price: Paise }
  | OcoPricing;

/** A limit that is placed when its trigger is met. */
export interface TriggerLeg {
  readonly trigger: Paise;
  readonly price: Paise;
}

/**
 * One cancels the other: a stop leg and a target leg, which the broker keeps outside the exchange over nights.
 * The first leg whose trigger is met places its limit and spends both.
 */
export interface OcoPricing extends TriggerLeg {
  readonly kind: 'OCO';
  readonly target: TriggerLeg;
  /** The last price, by which the broker knows on which side the triggers lie. */
  readonly ltp: Paise;
}

/** An order we want placed. `tag` is the intent's id, by which we recognise our own orders. */
export interface OrderRequest {
  readonly tag: string;
  readonly tradingsymbol: string;
  readonly side: Side;
  readonly product: Product;
  readonly quantity: Shares;
  readonly pricing: OrderPricing;
}

/** The final states. In any other state, known or not, the order may still trade. */
const finalStatuses: readonly string[] = ['COMPLETE', 'CANCELLED', 'REJECTED'];

/** An order in the broker's book. */
export interface BookOrder {
  /** Always text: ids reach 19 digits. */
  readonly orderId: string;
  readonly tag: string | null;
  readonly tradingsymbol: string;
  readonly side: Side;
  readonly product: string;
  readonly orderType: string;
  readonly status: string;
  readonly statusMessage: string | null;
  readonly quantity: Shares;
  readonly filledQuantity: Shares;
  readonly price: Paise;
  readonly trigger: Paise;
  /** When the broker took it, market clock. */
  readonly placedAt: EpochMs;
  /** The trigger of an OCO's target leg; its stop leg is `trigger` and `price`. */
  readonly target?: Paise;
  /** Which leg of an OCO placed this order; absent for every other order. */
  readonly leg?: 'stop' | 'target';
}

/** An order of the account with who placed it: the account's user, or the broker itself. */
export interface AccountOrder extends BookOrder {
  readonly placedBy: string;
}

/** A trade at the exchange; its id counts once. */
export interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly side: Side;
  readonly quantity: Shares;
  readonly price: Paise;
  /** Market clock. */
  readonly at: EpochMs;
}

/** What an update, or one book alone, says of an order's fills. */
export interface OrderReport {
  readonly orderId: string;
  readonly tag: string;
  readonly side: Side;
  readonly filledQuantity: Shares;
  /** Rounded to the paisa; 0 while nothing has filled. */
  readonly averagePrice: Paise;
}

/** May the order still trade? */
export const isLive = (order: Pick<BookOrder, 'status'>): boolean =>
  !finalStatuses.includes(order.status);

/** Shares an order has yet to trade. */
export const openPart = ({
  quantity,
  filledQuantity,
}: Pick<BookOrder, 'quantity' | 'filledQuantity'>): number => quantity - filledQuantity;

export const openParts = (orders: readonly BookOrder[]): number =>
  orders.reduce((sum, order) => sum + openPart(order), 0);

/** Net shares that orders have bought (positive) or sold (negative). */
export const netFilled = (orders: readonly Pick<BookOrder, 'side' | 'filledQuantity'>[]): number =>
  orders.reduce((sum, one) => sum + sideSign(one.side) * one.filledQuantity, 0);

/** Shares that live sell orders have yet to sell. */
export const sharesOnSale = (orders: readonly BookOrder[]): Shares =>
  shares(openParts(orders.filter((order) => isLive(order) && order.side === 'SELL')));

/** The outcome of sending something to the broker. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly orderId: string }
  /** The broker said no, definitively; nothing exists or changed. */
  | {
      readonly kind: 'rejected';
      readonly code: string;
      readonly message: string;
      /** It says nothing of the order: the broker takes none from the address we send from. */
      readonly because?: 'address';
    }
  /** Turned away before it was looked at: nothing exists or changed, and nothing is said of the order. */
  | { readonly kind: 'turnedAway'; readonly message: string }
  /** It may or may not have happened. The books are read. */
  | { readonly kind: 'inDoubt'; readonly message: string };
