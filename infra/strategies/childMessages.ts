// What the process of the strategies and its owner tell each other.
import type { MarketView, StrategyVote } from '../../domain/strategy';
import type { LoadedStrategy } from './loaded';

/** What a process is begun with. */
export interface ChildStart {
  readonly loaded: readonly LoadedStrategy[];
  readonly maxMs: number;
}

export interface ChildQuestion {
  readonly id: number;
  readonly views: readonly MarketView[];
}

export type ChildMessage =
  /** This strategy is being asked from now on. */
  | { readonly kind: 'asking'; readonly name: string }
  | {
      readonly kind: 'votes';
      readonly id: number;
      readonly votes: readonly (readonly StrategyVote[])[];
    };
