// The why-record: one stock's judgement on one bar as it is stored. A stock that could not be judged has a
// row too, so that no decision is missing without a reason.
import type { Refused } from '../errors';
import type { SentimentView } from '../sentiment/view';
import type { EpochMs } from '../units';
import type { StockAnalysis } from './analyse';
import type { Decision } from './decision';

/** The signal-quality model's answers for both sides, and the version that gave them. */
export interface ModelAnswer {
  readonly probabilityLong: number | null;
  readonly probabilityShort: number | null;
  readonly version: string | null;
  /** Set where an A/B test waits to be told, under this key, how a trade on the answer turned out. */
  readonly outcomeKey?: string | undefined;
}

export interface Judgement {
  readonly analysis: Omit<StockAnalysis, 'recent'> & { readonly recent?: undefined };
  readonly sentiment: SentimentView;
  readonly model: ModelAnswer;
  readonly decision: Decision;
}

export interface NotJudged {
  readonly refused: { readonly code: string };
}

export interface WhyRow {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  readonly action: string;
  readonly reason: string;
  readonly trail: Judgement | NotJudged;
}

/**
 * The row of a judged stock. The bars it looked back on are rows of their own; this one keeps what was
 * concluded.
 */
export function judgedRow({
  analysis,
  sentiment,
  model,
  decision,
}: Omit<Judgement, 'analysis'> & { readonly analysis: StockAnalysis }): WhyRow {
  const { tradingsymbol, barAt, action, reason } = decision;
  return {
    tradingsymbol,
    barAt,
    action,
    reason,
    trail: { analysis: { ...analysis, recent: undefined }, sentiment, model, decision },
  };
}

/** The row of a stock that could not be judged, with the reason. */
export const unjudgedRow = (
  tradingsymbol: string,
  barAt: EpochMs,
  { code, message }: Refused,
): WhyRow => ({
  tradingsymbol,
  barAt,
  action: 'SKIP',
  reason: `SKIP: ${message}`,
  trail: { refused: { code } },
});
