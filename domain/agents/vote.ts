// What an agent is shown and what it answers. An agent's rule is written once, for buying; the SELL half
// is the same rule on the mirrored bars with the sentiment negated, so no agent can favour a side.
import type { IndicatorSnapshot } from '../indicators';
import type { SentimentView } from '../sentiment/view';
import type { Paise } from '../units';
import type { AgentConfig } from './config';

export const agentNames = ['breakout', 'trend', 'scalping', 'volatility', 'reversal'] as const;
export type AgentName = (typeof agentNames)[number];

/** One agent's opinion about one stock on one bar. */
export interface AgentVote {
  readonly agent: AgentName;
  readonly action: 'BUY' | 'SELL' | 'NONE';
  /** 0..1; 0 when the action is NONE. */
  readonly confidence: number;
  /** Why, in words. */
  readonly reason: string;
  /** Levels the agent suggests; absent when it does not act. */
  readonly stop?: Paise;
  readonly target?: Paise;
}

/** Everything an agent may look at. */
export interface AgentInput {
  readonly snapshot: IndicatorSnapshot;
  /** Earlier bars, oldest first, the newest just before `snapshot`. */
  readonly recent: readonly IndicatorSnapshot[];
  readonly sentiment: SentimentView;
  readonly config: AgentConfig;
}

/** Words of a side, so that one sentence serves both. */
export interface SideWords {
  readonly above: string;
  readonly below: string;
  readonly high: string;
  readonly up: string;
  readonly bullish: string;
  readonly oversold: string;
  readonly low: string;
}

/** What a rule sees: bars turned so that the side in question is always BUY. */
export interface SideInput {
  readonly bar: IndicatorSnapshot;
  readonly recent: readonly IndicatorSnapshot[];
  readonly words: SideWords;
  /** A number as it was before any mirroring, for the reason text. */
  readonly shown: {
    rsi(value: number): string;
  };
}

/** A rule's finding for its side; distances from the close in paise, both positive. */
export interface Finding {
  readonly confidence: number;
  readonly reason: string;
  readonly stopDistance: number;
  readonly targetDistance: number;
}

/** Finds a reason to buy, or null. Must use differences of prices only (mirrored prices are negative). */
export type BuyRule = (input: SideInput) => Finding | null;
