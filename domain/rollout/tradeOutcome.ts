// How a trade turned out, as the A/B test of the model behind it is told. The key is the one its score was
// asked with: one stock on one bar, so that every trade stands for one answer of one version.
import type { EpochMs, Paise } from '../units';

/** Who is asked about the quality of a signal. */
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

/** Whether it earned more than it cost; undefined where nothing was traded, which says nothing of the score. */
export const tradeSucceeded = ({ fills, grossPnl, charges }: ClosedTrade): boolean | undefined =>
  fills === 0 ? undefined : grossPnl - charges > 0;
