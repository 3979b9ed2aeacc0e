// From the judgements of one bar to what is proposed, strongest first: the one ranking for live, paper
// and backtest.
import { alertSentence, rankCandidates, type Decision, type StockAnalysis } from '../decision';
import type { Paise } from '../units';

/** A LONG or SHORT worth proposing. */
export interface Candidate {
  readonly decision: Decision;
  /** The alert's sentence and the reason, together. */
  readonly reason: string;
  /** The newest price there is … */
  readonly ltp: Paise;
  /** … and the close that was decided on. */
  readonly decisionPrice: Paise;
  readonly atr: number;
}

/** What was judged of one stock, and its newest candle's close. */
export interface JudgedStock {
  readonly decision: Decision;
  readonly analysis: Pick<StockAnalysis, 'snapshot'>;
  readonly close: Paise;
}

/** @param latestPrice the newest price since the bar closed; undefined where nothing traded. */
export function candidatesOf(
  judged: readonly JudgedStock[],
  latestPrice: (tradingsymbol: string) => Paise | undefined,
): readonly Candidate[] {
  const byDecision = new Map(judged.map((one) => [one.decision, one]));
  return rankCandidates(judged.map(({ decision }) => decision)).flatMap((decision) => {
    const one = byDecision.get(decision);
    if (one === undefined) return [];
    return [
      {
        decision,
        reason: `${alertSentence(decision)}: ${decision.reason}`,
        ltp: latestPrice(decision.tradingsymbol) ?? one.close,
        decisionPrice: one.close,
        atr: one.analysis.snapshot.atr14 ?? 0,
      },
    ];
  });
}
