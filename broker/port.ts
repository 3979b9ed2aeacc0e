// What Ratchet knows of a broker. Activities, workers and commands use these types alone; an adapter folder
// (broker/kite) is the only place that knows a broker's own words. Every price is integer paise, every
// instant epoch ms. How an adapter is shown to be right: broker/contract.
import type { Secret } from '../domain/secret';
import type { Charges } from '../domain/charges';
import type { Candle } from '../domain/market/candle';
import type { DayPrices, Depth } from '../domain/market/depth';
import type { PriceBand } from '../domain/market/instrument';
import type { TagForm } from '../domain/orders/bounds';
import type { WriteLimits } from '../domain/orders/limiter';
import type {
  AccountOrder,
  Fill,
  OrderReport,
  OrderRequest,
  SendOutcome,
} from '../domain/orders/order';
import type { BookTrigger } from '../domain/orders/trigger';
import type { EpochMs, Paise, Product, Shares, Side } from '../domain/units';

/** What a broker allows and offers. The adapter states it; nothing else may assume it. */
export interface BrokerCapabilities {
  /** How often one order may be modified; null: without limit. */
  readonly modificationsMax: number | null;
  readonly tag: TagForm;
  /** Can it keep a stop and a target as one-cancels-other over the night? */
  readonly oneCancelsOther: boolean;
  /** Must an order at the market carry a protection price? Then we send limits through the market instead. */
  readonly marketProtection: boolean;
  /** Orders sent, changed and cancelled, together. */
  readonly writes: WriteLimits;
  readonly reads: ReadLimits;
}

/** How often and how much may be read. */
export interface ReadLimits {
  /** Between two readings of the books, ms. */
  readonly booksEveryMs: number;
  readonly quotesAtOnce: number;
  /** Between two requests for quotes, ms. */
  readonly quotesEveryMs: number;
  /** Between two requests for history, ms. */
  readonly historyEveryMs: number;
  /** Calendar days of minutes that one request may ask for. */
  readonly historyDaysAtOnce: number;
}

/** The whole account's orders and fills of the day. */
export interface AccountBooks {
  readonly orders: readonly AccountOrder[];
  readonly fills: readonly Fill[];
  /** Signed net quantity by stock and product, see {@link holdingKey}; absent where nothing was traded. */
  readonly netQuantities: ReadonlyMap<string, number>;
}

export const holdingKey = (tradingsymbol: string, product: Product): string =>
  `${tradingsymbol}/${product}`;

export interface Funds {
  /** Cash of the account as the day began, with what was paid in since. */
  readonly cash: Paise;
  /** Free for new orders. */
  readonly available: Paise;
  /** Blocked or spent, at least 0. */
  readonly used: Paise;
}

/** An order as far as money is concerned: what it would block. */
export interface OrderFigures {
  readonly tradingsymbol: string;
  readonly side: Side;
  readonly product: Product;
  readonly quantity: Shares;
  readonly price: Paise;
}

/** An executed order, as its charges depend on it. */
export interface ExecutedFigures extends Omit<OrderFigures, 'price'> {
  /** Sum of quantity × price over its fills. */
  readonly turnover: Paise;
}

/** Who the session belongs to and what the account may do. */
export interface AccountProfile {
  readonly userId: string;
  readonly name: string;
  readonly exchanges: readonly string[];
  readonly products: readonly string[];
  /** May delivery shares be sold without another consent? */
  readonly dematConsent: boolean;
}

/** What an application proves itself with at a login. */
export interface LoginKeys {
  readonly apiKey: string;
  readonly apiSecret: Secret;
}

/** What the login page hands over: it counts once, and not for long. */
export interface LoginAnswer {
  readonly requestToken: string;
}

/** A session as a login has opened it. */
export interface OpenedSession {
  readonly userId: string;
  readonly accessToken: Secret;
}

/** One stock of NSE's cash segment, as the day's list has it. */
export interface ListedStock {
  readonly tradingsymbol: string;
  readonly name: string;
  /** The broker's number of the instrument, by which its feed and history know it. */
  readonly instrumentToken: number;
  readonly tickSize: Paise;
}

export interface StockQuote {
  readonly lastPrice: Paise;
  /** Shares traded today. */
  readonly volume: number;
  readonly band: PriceBand;
  /** null where nobody bids or offers. */
  readonly bid: Paise | null;
  readonly ask: Paise | null;
  readonly depth: Depth;
  /** null where the broker does not tell them. */
  readonly day: DayPrices | null;
}

/** A span of minutes, both ends included; market clock. */
export interface HistorySpan {
  readonly instrumentToken: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * Everything that changes nothing. What only watches an account holds this half and cannot send an order.
 * Every method throws BrokerFailure when the answer is not there or cannot be read: what is unknown is never
 * shown as empty.
 */
export interface BrokerReader {
  readonly capabilities: BrokerCapabilities;
  /** The broker's clock at some instant between question and answer, in whole seconds. Needs no session. */
  serverTime(): Promise<EpochMs>;
  /** The address by which our end of the line is known on this machine; a router may change it. Needs no session. */
  localAddress(): Promise<string>;
  profile(): Promise<AccountProfile>;
  /** Throws BooksUnread, a BrokerFailure, when any of them cannot be read. */
  books(): Promise<AccountBooks>;
  /** The account's one-cancels-other triggers, those that ended lately included. */
  triggers(): Promise<readonly BookTrigger[]>;
  /** Shares held from earlier sessions by stock, settled or not; today's sales are not taken off. */
  holdings(): Promise<ReadonlyMap<string, number>>;
  funds(): Promise<Funds>;
  /** What each order would block, in the order given. */
  margins(orders: readonly OrderFigures[]): Promise<readonly Paise[]>;
  /** What each order has cost beyond its price, in the order given; fees of no single order are not in it. */
  charges(orders: readonly ExecutedFigures[]): Promise<readonly Charges[]>;
  listing(): Promise<readonly ListedStock[]>;
  /** Stocks with live futures: they may be shorted, and take part in the closing auction. */
  underlyings(): Promise<ReadonlySet<string>>;
  /** Quotes by tradingsymbol; an unknown stock, or one whose quote cannot be, is absent. At most `quotesAtOnce`. */
  quotes(symbols: readonly string[]): Promise<ReadonlyMap<string, StockQuote>>;
  /** Minute candles of the span, oldest first; at most `historyDaysAtOnce`. */
  history(span: HistorySpan): Promise<readonly Candle[]>;
}

/** The writes. None throws: what came of it is the outcome. */
export interface BrokerWriter {
  /** Places an order, or the trigger that stands for an OCO. */
  place(order: OrderRequest): Promise<SendOutcome>;
  /** `order.quantity` is the order's total, what has filled included. */
  modify(orderId: string, order: OrderRequest): Promise<SendOutcome>;
  cancel(orderId: string): Promise<SendOutcome>;
}

export interface Broker extends BrokerReader, BrokerWriter {}

export interface FeedTick {
  readonly token: number;
  readonly price: Paise;
  /** Shares traded today. */
  readonly volume: number;
  /** Market clock. */
  readonly at: EpochMs;
  /** Only of a feed opened for it. */
  readonly detail?: { readonly depth: Depth; readonly day: DayPrices };
}

/** What a feed tells beside prices. */
export interface FeedOptions {
  /** Depth and the day's prices with every tick. Who does not need them saves their way out of the feed's thread. */
  readonly detail: boolean;
}

/** An order of the account has changed. */
export interface OrderUpdate {
  /** null when the order has none. */
  readonly tag: string | null;
  /** What it says of the order; null where it has no tag, or says what cannot be. */
  readonly report: OrderReport | null;
}

export interface FeedListener {
  ticks(ticks: readonly FeedTick[]): void;
  orderUpdate(update: OrderUpdate): void;
  /** The line is up, for the first time or again: what happened meanwhile was not told. */
  connected(): void;
  /** The line is down, or nothing came over it for so long that another is made. */
  lost(): void;
}

/** Prices and order updates of the account. It keeps itself connected until it is stopped. */
export interface BrokerFeed {
  /** Watches these instruments from now on, and after every reconnection. */
  subscribe(tokens: readonly number[]): void;
  stop(): Promise<void>;
}
