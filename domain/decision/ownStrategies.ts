// What the user's own strategies change in a decision: who votes, which votes the model filters, and the price an entry
// must not pass.
import { agentNames } from '../agents';
import type { StrategyInUse, StrategyVote } from '../strategy';
import type { Direction, Paise } from '../units';
import type { DecisionConfig } from './config';

/**
 * What decides when these are asked. An agent that is not used takes no part: it has neither vote nor weight.
 * @param use names of agents and of the user's own strategies. @param own the user's among them.
 */
export function decidedBy(
  decision: DecisionConfig,
  use: readonly string[],
  own: readonly StrategyInUse[],
): DecisionConfig {
  const unused: readonly string[] = agentNames.filter((name) => !use.includes(name));
  // What is left out is optional in what is returned.
  const used = <Values extends object>(values: Values): Values =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !unused.includes(name))) as Values;
  const { trending, ranging, volatile } = decision.weights;
  return {
    ...decision,
    agents: used(decision.agents),
    weights: { trending: used(trending), ranging: used(ranging), volatile: used(volatile) },
    ...(own.length > 0 && { strategies: own }),
  };
}

/** The votes of the user's own strategies for a direction. */
export const ownVotesFor = (
  votes: readonly StrategyVote[],
  direction: Direction,
): readonly StrategyVote[] =>
  votes.filter(
    ({ hash, action }) => hash !== undefined && action === (direction === 'LONG' ? 'BUY' : 'SELL'),
  );

/**
 * The worst price at which an entry is still wanted, of several the most cautious; undefined where no vote names one.
 */
export function entryWanted(own: readonly StrategyVote[], direction: Direction): Paise | undefined {
  const entries = own.flatMap(({ entry }) => entry ?? []);
  const [first] = entries.sort((a, b) => (direction === 'LONG' ? a - b : b - a));
  return first;
}
