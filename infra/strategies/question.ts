// What crosses the wall of a sandbox, as JSON: no object of ours ever does.
import type { IndicatorSnapshot } from '../../domain/indicators/snapshot';
import type { SentimentView } from '../../domain/sentiment/view';
import type { DayLevels } from '../../domain/strategy/view';

/** What is new of a stock or the index since the sandbox was last asked. */
export interface ToldSeries {
  readonly name: string;
  /** So many bars are known from before; 0: begin anew. */
  readonly keep: number;
  readonly bars: readonly IndicatorSnapshot[];
  /** How many of the newest bars are today's. */
  readonly session: number;
  readonly days: readonly DayLevels[];
}

export interface ToldView {
  readonly name: string;
  readonly index: string | null;
  readonly universe: readonly string[];
  readonly news: SentimentView;
  readonly minutesSinceOpen: number;
}

/** One bar of all stocks. */
export interface Question {
  readonly series: readonly ToldSeries[];
  readonly views: readonly ToldView[];
}

/** A value of an answer, so that NaN and what is no JSON arrive as what they are: its kind and its text. */
export type ToldValue = readonly [
  kind: 'number' | 'text' | 'flag' | 'null' | 'other',
  text: string,
];

/** Why something went wrong inside, and where, in V8's words. */
export interface ToldFault {
  readonly fault: string;
  readonly stack: string;
}

/** What was answered about one view; null is no opinion. */
export type ToldAnswer =
  | null
  | { readonly fields: Readonly<Record<string, ToldValue>> }
  | { readonly value: ToldValue }
  | ToldFault;

/** What a file declares, not yet checked. */
export interface ToldDefinition {
  readonly definition: unknown;
}
