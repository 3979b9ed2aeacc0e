// What the trading loop knows of the news about one stock: a few plain numbers and words, never the
// headlines themselves. No news is neutral with confidence 0: absence is not an opinion.
import type { EpochMs } from '../units';

/** Sentiment about one stock at an instant. JSON-plain. */
export interface SentimentView {
  /** −1 strongly negative … +1 strongly positive. */
  readonly score: number;
  /** 0 nothing known … 1 many fresh, decided and agreeing items. */
  readonly confidence: number;
  /** The at most three items that weighed most, in words. */
  readonly evidence: readonly string[];
  /** Separate stories counted, copies of one story once. */
  readonly itemCount: number;
  readonly asOf: EpochMs;
}

/** An older view is nobody's opinion any more: the stock counts as neutral. Market time. */
export const sentimentAgeMaxMs = 2 * 3_600_000;

/** What is assumed where there is no news, or where it could not be had. */
export const neutralSentiment = (asOf: EpochMs): SentimentView => ({
  score: 0,
  confidence: 0,
  evidence: [],
  itemCount: 0,
  asOf,
});
