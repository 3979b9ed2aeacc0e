// What the thread of the strategies and its owner tell each other.
import type { MarketView, StrategyVote } from '../../domain/strategy';
import type { LoadedStrategy } from './loaded';

/** What a thread is begun with. */
export interface ThreadStart {
  readonly loaded: readonly LoadedStrategy[];
  readonly maxMs: number;
}

export interface ThreadQuestion {
  readonly id: number;
  readonly views: readonly MarketView[];
}

export type ThreadMessage =
  /** This strategy is being asked from now on. */
  | { readonly kind: 'asking'; readonly name: string }
  | {
      readonly kind: 'votes';
      readonly id: number;
      readonly votes: readonly (readonly StrategyVote[])[];
    };
