// What an agent may look at and what it answers.
import type { IndicatorSnapshot } from '../indicators';
import type { SentimentView } from '../sentiment/view';
import type { Paise } from '../units';
import type { AgentConfig } from './config';
import type { AgentName } from './table';

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
