// The decision about a stock, as everybody reads it.
import type { Direction, EpochMs, Paise } from '../units';

export type DecisionAction = Direction | 'SKIP';

/** The decision about one stock on one bar. JSON-plain. */
export interface Decision {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  readonly action: DecisionAction;
  /** (1 − sentimentWeight)·technical + sentimentWeight·sentimentScore, −1..1. */
  readonly combined: number;
  readonly technical: number;
  readonly sentimentScore: number;
  readonly sentimentConfidence: number;
  readonly sentimentWeight: number;
  /** Probability of target before stop for the side considered; null when the model gave none. */
  readonly probability: number | null;
  /** |combined| of a trade, 0 of a skip. */
  readonly confidence: number;
  /** Share of the size risk would allow, 0..1; 0 of a skip. */
  readonly sizeFactor: number;
  /** Why, in words. */
  readonly reason: string;
  /** Suggested distance from entry to stop and to target; 0 while the true range is not known. */
  readonly stopDistance: Paise;
  readonly targetDistance: Paise;
  /** The worst price at which a strategy of the user's still wants to enter; absent where none names one. */
  readonly entry?: Paise;
  /** Sentiment was too weak to count as an opinion. */
  readonly neutral: boolean;
}
