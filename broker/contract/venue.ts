// What the contract needs beside the adapter: a market it can move and a line it can break. A venue stands for
// the broker's side; ours is the paper exchange, another broker's could be its sandbox.
import type { OrderRequest } from '../../domain/orders/order';
import type { Paise } from '../../domain/units';
import type { Broker, BrokerFeed, FeedListener, FeedOptions } from '../port';

/** How the next request fails. */
export type LineFault =
  /** Carried out, and the answer is lost. */
  | 'answerLost'
  /** Carried out, and the answer says that it timed out. */
  | 'saysTimedOut'
  /** Turned away unlooked at: too many requests. */
  | 'tooMany'
  /** The broker is down. */
  | 'down'
  /** A page for people instead of an answer. */
  | 'page'
  /** The answer breaks off in the middle. */
  | 'cutOff';

export interface Venue {
  readonly broker: Broker;
  readonly userId: string;
  /** What is traded. It has last traded at `price`, on a grid of `tick`, and may be bought and sold short. */
  readonly stock: { readonly symbol: string; readonly price: Paise; readonly tick: Paise };
  /** Shares of the stock held from earlier sessions. */
  readonly held: number;
  /** How far the clock of this machine is ahead of the venue's. */
  readonly clockAheadMs: number;
  /** The market's date, `YYYY-MM-DD`. */
  readonly date: string;
  /** Time passes until the market has dealt with everything sent. */
  settle(): void;
  /** Somebody else trades at this price, in this quantity. */
  tradeAt(price: Paise, quantity: number): void;
  /** The next request fails like this, once. */
  breakLine(fault: LineFault): Promise<void>;
  endSession(): Promise<void>;
  /** The same order given by the account's user, without our tag. @returns its id. */
  orderByHand(order: OrderRequest): Promise<string>;
  openFeed(listener: FeedListener, options: FeedOptions): BrokerFeed;
}

/** One line of the acceptance matrix. */
export interface ContractCase {
  /** What holds, as a sentence. */
  readonly holds: string;
  /** @throws AssertionError where it does not hold. */
  readonly run: (venue: Venue) => Promise<void>;
}

/** Cases by id: group and number, `O1`. An id is never used again for another case. */
export type ContractCases = Readonly<Record<string, ContractCase>>;
