// How a trade turned out, as reported to the A/B test of the model behind it. The key is the one its score
// was asked with: one stock on one bar, so that every trade stands for one answer of one version.
import type { EpochMs, Paise } from '../units';

/** The model that is asked about the quality of a signal. */
export const signalModel = 'signal-quality';

/** The routing key of a stock's scores on one bar. */
export const scoreKeyOf = (account: string, tradingsymbol: string, barEnd: EpochMs): string =>
  `${account}/${tradingsymbol}/${barEnd}`;

/** A closed position's money, paise. */
export interface ClosedTrade {
  /** Executions, entry and exit; none where the entry never filled. */
  readonly fills: number;
  readonly grossPnl: Paise;
  readonly charges: Paise;
}

/**
 * Did the trade earn more than it cost? Undefined where nothing traded, which says nothing about the score.
 */
export const tradeSucceeded = ({ fills, grossPnl, charges }: ClosedTrade): boolean | undefined =>
  fills === 0 ? undefined : grossPnl - charges > 0;
