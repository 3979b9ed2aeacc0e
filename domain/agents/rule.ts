// What an agent's rule is shown and what it finds. A rule is written once, for buying; the SELL half is the
// same rule on the mirrored bars with the sentiment negated, so no agent can favour a side.
import type { IndicatorSnapshot, PastBars } from '../indicators';
import type { MarketWeights, SideWords } from '../strategy';
import type { NewsPolicy } from './news';

/** What a rule sees: bars turned so that the side in question is always BUY. */
export interface SideInput {
  readonly bar: IndicatorSnapshot;
  /** Earlier bars. */
  readonly past: PastBars;
  readonly words: SideWords;
  /** A number as it was before any mirroring, for the reason text. */
  readonly shown: {
    rsi(value: number): string;
  };
}

/**
 * A rule's finding for its side; distances from the close in paise, both positive. Its words are made when somebody
 * reads them: a search goes over millions of findings.
 */
export interface Finding {
  readonly confidence: number;
  readonly reason: () => string;
  readonly stopDistance: number;
  readonly targetDistance: number;
}

/** Finds a reason to buy, or null. Must use differences of prices only (mirrored prices are negative). */
export type BuyRule = (input: SideInput) => Finding | null;

/** Everything an agent is: one line of the table. The numbers of its rule live beside the rule. */
export interface Agent<Name extends string = string> {
  readonly name: Name;
  /** What it looks for, for the documents. */
  readonly sentence: string;
  readonly rule: BuyRule;
  /** How much it listens to the news, unless configured. */
  readonly news: NewsPolicy;
  /** How much its vote counts, unless configured. */
  readonly weights: MarketWeights;
}
