// An order as the exchange keeps it. `status` is what the books show; `stage` is where the order really
// stands, which differs while a change is on its way (MODIFY PENDING is still resting and can fill).
import {
  paise,
  shares,
  type EpochMs,
  type Paise,
  type Product,
  type Shares,
  type Side,
} from '../../domain/units';
import type { Listing } from '../market/listing';

export type OrderType = 'MARKET' | 'LIMIT' | 'SL' | 'SL-M';
export type Validity = 'DAY' | 'IOC' | 'TTL';
export type Variety = 'regular' | 'iceberg' | 'amo';

export type OrderStatus =
  | 'PUT ORDER REQ RECEIVED'
  | 'VALIDATION PENDING'
  | 'OPEN PENDING'
  | 'OPEN'
  | 'TRIGGER PENDING'
  | 'MODIFY VALIDATION PENDING'
  | 'MODIFY PENDING'
  | 'MODIFIED'
  | 'CANCEL PENDING'
  | 'AMO REQ RECEIVED'
  | 'MODIFY AMO REQ RECEIVED'
  | 'COMPLETE'
  | 'CANCELLED'
  | 'REJECTED';

/** Where the order really is: on its way, waiting for its trigger, resting, or over. */
export type OrderStage = 'pending' | 'waiting' | 'resting' | 'done';

/** What the client asked for, parsed and within its types, not yet checked against the market. */
export interface OrderTerms {
  readonly variety: Variety;
  readonly tradingsymbol: string;
  readonly side: Side;
  readonly product: Product;
  readonly orderType: OrderType;
  readonly quantity: Shares;
  readonly price: Paise;
  readonly triggerPrice: Paise;
  readonly disclosedQuantity: Shares;
  readonly validity: Validity;
  /** Minutes, for TTL. */
  readonly validityTtl: number;
  /** Percent; −1 = the exchange's automatic table; 0 = none. */
  readonly marketProtection: number;
  readonly tag: string | null;
  readonly icebergLegs: number;
}

/** A market order of the kind the broker's own desk sends, and a hand on a terminal: 3 % of protection. */
export const marketOrder = (tradingsymbol: string, side: Side, quantity: Shares): OrderTerms => ({
  variety: 'regular',
  tradingsymbol,
  side,
  product: 'MIS',
  orderType: 'MARKET',
  quantity,
  price: paise(0),
  triggerPrice: paise(0),
  disclosedQuantity: shares(0),
  validity: 'DAY',
  validityTtl: 0,
  marketProtection: 3,
  tag: null,
  icebergLegs: 0,
});

/** What a modification sets; absent = unchanged. `quantity` is the total, not the rest. */
export interface OrderChanges {
  readonly orderType?: OrderType | undefined;
  readonly quantity?: Shares | undefined;
  readonly price?: Paise | undefined;
  readonly triggerPrice?: Paise | undefined;
  readonly disclosedQuantity?: Shares | undefined;
  readonly validity?: Validity | undefined;
  readonly marketProtection?: number | undefined;
}

/** Who placed it: the client's session, another terminal of the same account, or the broker. */
export type Placer = 'client' | 'terminal' | 'gtt' | 'broker';

/** What one row of the order book or of an order's history shows. */
export interface OrderView {
  readonly orderId: string;
  readonly exchangeOrderId: string | null;
  readonly parentOrderId: string | null;
  readonly placer: Placer;
  readonly variety: Variety;
  readonly listing: Listing;
  readonly side: Side;
  readonly product: Product;
  readonly placedAt: EpochMs;
  readonly exchangeAt: EpochMs | null;
  readonly tag: string | null;
  readonly metaTags: readonly string[];
  readonly iceberg: IcebergPlan | null;
  readonly orderType: OrderType;
  readonly validity: Validity;
  readonly validityTtl: number;
  readonly quantity: Shares;
  readonly disclosedQuantity: Shares;
  readonly price: Paise;
  readonly triggerPrice: Paise;
  readonly status: OrderStatus;
  readonly statusMessage: string | null;
  readonly statusMessageRaw: string | null;
  readonly updatedAt: EpochMs;
  readonly filledQuantity: Shares;
  readonly cancelledQuantity: Shares;
  /** Sum of quantity × price over the fills. */
  readonly turnover: Paise;
  readonly modifications: number;
}

/** An order split into legs sent one after another. */
export interface IcebergPlan {
  readonly leg: number;
  readonly legs: number;
  readonly legQuantity: Shares;
  readonly totalQuantity: Shares;
  readonly remainingQuantity: Shares;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The live order: the view plus what only the engine knows. */
export interface Order extends Mutable<OrderView> {
  stage: OrderStage;
  /** `market_protection` as asked, in percent, for a stop that becomes a limit when it triggers. */
  protectionPct: number;
  /** Time priority: lower rests longer. */
  priority: number;
  /** Shares of others at our price that trade before ours. */
  queueAhead: number;
  readonly history: OrderView[];
}

export const isStopType = (type: OrderType): boolean => type === 'SL' || type === 'SL-M';

/** Shares still to trade. */
export const openQuantity = (order: OrderView): number =>
  order.quantity - order.filledQuantity - order.cancelledQuantity;

export const isDone = (order: OrderView): boolean =>
  order.status === 'COMPLETE' || order.status === 'CANCELLED' || order.status === 'REJECTED';

/** A trade of one of the account's orders. */
export interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly exchangeOrderId: string;
  readonly listing: Listing;
  readonly side: Side;
  readonly product: Product;
  readonly quantity: Shares;
  readonly price: Paise;
  readonly at: EpochMs;
  readonly tag: string | null;
}
