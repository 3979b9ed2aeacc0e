// The decision's configuration with the strategies that are used: the shipped agents among them, and the user's own.
import { agentNames } from '../agents';
import type { StrategyInUse } from '../strategy';
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
