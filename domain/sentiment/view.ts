// What the trading loop knows about one stock's news: a few plain numbers and words, never the headlines. No
// news is neutral with confidence 0, since absence is not an opinion.
import type { EpochMs } from '../units';

/** Sentiment about one stock at an instant. JSON-plain. */
export interface SentimentView {
  /** −1 strongly negative … +1 strongly positive. */
  readonly score: number;
  /** 0 nothing known … 1 many fresh, clear and agreeing items. */
  readonly confidence: number;
  /** The items that weighed most, in words; at most three. */
  readonly evidence: readonly string[];
  /** Separate stories counted; copies of a story count once. */
  readonly itemCount: number;
  readonly asOf: EpochMs;
}

/** A view older than this (market time) is ignored, and the stock counts as neutral. */
export const sentimentAgeMaxMs = 2 * 3_600_000;

/** The view used where there is no news or it could not be read. */
export const neutralSentiment = (asOf: EpochMs): SentimentView => ({
  score: 0,
  confidence: 0,
  evidence: [],
  itemCount: 0,
  asOf,
});
