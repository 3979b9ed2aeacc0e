// What an agent may look at.
import type { IndicatorSnapshot, PastBars } from '../indicators';
import type { SentimentView } from '../sentiment/view';
import type { AgentConfig } from './config';

/** Everything an agent may look at. */
export interface AgentInput {
  readonly snapshot: IndicatorSnapshot;
  readonly past: PastBars;
  readonly sentiment: SentimentView;
  readonly config: AgentConfig;
}
