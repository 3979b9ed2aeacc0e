// Turns the judgements of one bar into candidates, strongest first. Live, paper and backtest rank by this one
// function.
import { alertSentence, rankCandidates, type Decision, type StockAnalysis } from '../decision';
import type { Paise } from '../units';

/** A LONG or SHORT worth proposing. */
export interface Candidate {
  readonly decision: Decision;
  /** The alert's sentence and the reason, together. */
  readonly reason: string;
  /** The newest price, … */
  readonly ltp: Paise;
  /** … and the close the decision was made on. */
  readonly decisionPrice: Paise;
  readonly atr: number;
}

/** One stock's judgement, and its newest candle's close. */
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
        // Most candidates are refused, and nobody reads why they were wanted.
        get reason() {
          return `${alertSentence(decision)}: ${decision.reason}`;
        },
        ltp: latestPrice(decision.tradingsymbol) ?? one.close,
        decisionPrice: one.close,
        get atr() {
          return one.analysis.snapshot.atr14 ?? 0;
        },
      },
    ];
  });
}
