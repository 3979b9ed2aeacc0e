// What risk is asked and what it knows: the proposed trade, its view of the day, and what may be sent.
import type { Instrument, PriceBand } from '../market/instrument';
import type { Direction, EpochMs, Paise, Product, Shares } from '../units';

declare const approved: unique symbol;
/** A value the risk check has approved. */
export type RiskApproved<T> = T & { readonly [approved]: true };

/** A trade that is proposed. */
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
  /** The worst price at which the entry is still wanted; absent where nobody names one. */
  readonly entryWanted?: Paise;
  /** 0–1: shrinks the quantity, never grows it. */
  readonly sizeFactor: number;
  /** Last instant for an entry in this stock, on the same clock as the view's `now`. */
  readonly entryUntil: EpochMs;
}

/** An open or pending position, as risk sees it. One in doubt counts at full size until it is known. */
export interface Exposure {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly sector: string;
  readonly direction: Direction;
  readonly product: Product;
  /** Entered in an earlier session and held over the night, so not counted among today's entries. */
  readonly isEarlier: boolean;
  readonly value: Paise;
  /** Loss if the initial stop fills at its price: distance × quantity. */
  readonly risk: Paise;
  readonly closed: boolean;
}

/** The day as risk sees it. */
export interface RiskView {
  readonly now: EpochMs;
  readonly capital: Paise;
  /** A loss in rupees that ends the day's entries; null or absent: the share of capital alone. */
  readonly dayLossMax?: Paise | null;
  /** Realised profit after charges so far. */
  readonly dayPnl: Paise;
  /** The highest `dayPnl` of the day, at least 0. */
  readonly dayPnlPeak: Paise;
  /** Losing trades since the last winning one, and when the newest of them closed. */
  readonly lossesInRow: number;
  readonly lastLossAt: EpochMs | null;
  readonly entriesHalted: boolean;
  /** Names of the checks for which nothing is entered; absent where there are none. */
  readonly notReady?: readonly string[];
  /** Stocks the account holds by orders that are not ours. */
  readonly quarantined: readonly string[];
  readonly exposures: readonly Exposure[];
}

/** The bounds on a quantity. The tightest is named in the approval or the refusal. */
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
