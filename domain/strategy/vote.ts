// What a strategy answers, and the vote that is made of it.
import type { Paise } from '../units';

/** What a strategy says of one stock on one bar; null instead of it is no opinion. Prices in paise, as floats. */
export interface StrategyAnswer {
  readonly action: 'BUY' | 'SELL';
  /** Above 0, at most 1. */
  readonly confidence: number;
  /** Why, in words: people read it in alerts, `ratchet why` and reports. */
  readonly reason: string;
  /** The price at which the idea is wrong. */
  readonly stop: number;
  /** Left out, the stop's distance times `decision.rewardToRisk`. */
  readonly target?: number;
  /** The worst price at which the entry is still wanted; left out, a little through the market. */
  readonly entry?: number;
}

/** One strategy's opinion about one stock on one bar. JSON-plain. */
export interface StrategyVote {
  /** The strategy's name. */
  readonly agent: string;
  readonly action: 'BUY' | 'SELL' | 'NONE';
  /** 0..1; 0 when the action is NONE. */
  readonly confidence: number;
  /** Why, in words. */
  readonly reason: string;
  /** Levels the strategy suggests; absent when it does not act. */
  readonly stop?: Paise;
  readonly target?: Paise;
  /** The worst price to enter at, where it names one. */
  readonly entry?: Paise;
  /** Which code voted, of a strategy of the user's. Its stop and target are then taken as they are. */
  readonly hash?: string;
  /** The strategy could not be asked, or what it answered is no vote. */
  readonly broken?: true;
}
