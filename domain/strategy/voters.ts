// Strategies that are asked: loaded, with their values, whatever they run in.
import type { MarketWeights } from './definition';
import type { ParameterValues } from './declared';
import type { MarketView } from './view';
import type { StrategyVote } from './vote';

/** A strategy as configuration and records know it. JSON-plain. */
export interface StrategyInUse {
  readonly name: string;
  /** SHA-256 of the bundled code, 16 hex digits. */
  readonly hash: string;
  readonly values: ParameterValues;
  readonly weights: MarketWeights;
}

/** The same code with the same values, in the same order? */
export const sameStrategies = (
  some: readonly StrategyInUse[],
  others: readonly StrategyInUse[],
): boolean => named(some) === named(others);

const named = (strategies: readonly StrategyInUse[]): string =>
  JSON.stringify(
    strategies.map(({ name, hash, values }) => [name, hash, Object.entries(values).sort()]),
  );

/** Strategies of users, asked together about one bar of all watched stocks. */
export interface Voters {
  readonly strategies: readonly StrategyInUse[];
  /** The votes on each view, in the order of `strategies`. Never rejects: what is broken is a broken vote. */
  votes(views: readonly MarketView[]): Promise<readonly (readonly StrategyVote[])[]>;
}

/** Nobody of the user's is asked. */
export const noVoters: Voters = {
  strategies: [],
  votes: (views) => Promise.resolve(views.map(() => [])),
};

/** A strategy that failed on a bar, with the first stock it failed on. JSON-plain. */
export interface BrokenStrategy {
  readonly strategy: string;
  readonly tradingsymbol: string;
  readonly why: string;
}

/** Each strategy that failed, once. @param votes of one bar by tradingsymbol. */
export function brokenIn(
  votes: ReadonlyMap<string, readonly StrategyVote[]>,
): readonly BrokenStrategy[] {
  const first = new Map<string, BrokenStrategy>();
  for (const [tradingsymbol, ofStock] of votes)
    for (const { agent: strategy, broken, reason: why } of ofStock)
      if (broken === true && !first.has(strategy))
        first.set(strategy, { strategy, tradingsymbol, why });
  return [...first.values()];
}

/** What the user's strategies say of each stock on one bar, by tradingsymbol. */
export type OwnVotes = ReadonlyMap<string, readonly StrategyVote[]>;
