// What risk is asked about and what it knows: the proposed trade, the day's book, and what may be sent.
import type { Instrument, PriceBand } from '../market/instrument';
import type { Direction, EpochMs, Paise, Product, Shares } from '../units';

declare const approved: unique symbol;
/** A value the risk check has approved. */
export type RiskApproved<T> = T & { readonly [approved]: true };

/** A trade somebody would like to make. */
export interface TradeProposal {
  /** The broker's tag of the order; the same one twice is refused. */
  readonly intentId: string;
  readonly instrument: Instrument;
  readonly direction: Direction;
  readonly product: Product;
  /** Last price known now. */
  readonly ltp: Paise;
  /** The price the decision was made on: the close of its bar. */
  readonly decisionPrice: Paise;
  readonly band: PriceBand;
  readonly stopDistance: Paise;
  readonly targetDistance: Paise;
  /** 0–1: shrinks the quantity, never grows it. */
  readonly sizeFactor: number;
  /** Last instant of an entry in this stock, same clock as the book's `now`. */
  readonly entryUntil: EpochMs;
}

/** An open or pending position, as risk sees it. In doubt counts at full size until proven. */
export interface Exposure {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly sector: string;
  readonly direction: Direction;
  readonly product: Product;
  /** Entered in an earlier session and held over the night: no entry of today's. */
  readonly isEarlier: boolean;
  readonly value: Paise;
  /** Lost when the initial stop is hit: distance × quantity. */
  readonly risk: Paise;
  readonly closed: boolean;
}

/** The day as risk sees it. */
export interface RiskView {
  readonly now: EpochMs;
  readonly capital: Paise;
  /** Realised profit after charges so far. */
  readonly dayPnl: Paise;
  /** The highest `dayPnl` of the day, at least 0. */
  readonly dayPnlPeak: Paise;
  /** Losing trades since the last winner, and when the newest of them closed. */
  readonly lossesInRow: number;
  readonly lastLossAt: EpochMs | null;
  readonly entriesHalted: boolean;
  /** Stocks the account holds by orders that are not ours. */
  readonly quarantined: readonly string[];
  readonly exposures: readonly Exposure[];
}

/** What bounds a quantity; the tightest is named in the approval or the refusal. */
export type SizeBound =
  | 'risk per trade'
  | 'open risk'
  | 'day loss'
  | 'position value'
  | 'side exposure'
  | 'sector exposure'
  | 'capital pool'
  | 'order value'
  | 'order quantity';

/** What may be sent: quantity and the worst entry price. */
export interface SizedTrade {
  readonly quantity: Shares;
  readonly entryLimit: Paise;
  readonly value: Paise;
  readonly risk: Paise;
  /** The bound that set the quantity. */
  readonly boundBy: SizeBound;
  /** Whole shares each bound allowed. */
  readonly allowed: Readonly<Record<SizeBound, number>>;
}
