// The agents. Each is pure: the same bars, news and configuration give the same vote.
import { bothSides, voteOf } from './sides';
import { agents } from './table';
import type { StrategyVote } from '../strategy';
import type { AgentInput } from './input';

export { agentConfigSchema, type AgentConfig } from './config';
export { agentNames, perAgent, type AgentName } from './table';
export type { AgentInput } from './input';
export { rangeRegime } from './volatility';

/** The vote of every agent the configuration names, in the table's order. */
export function allVotes(input: AgentInput): StrategyVote[] {
  const sides = bothSides(input);
  return agents.flatMap((agent) => {
    const policy = input.config[agent.name];
    return policy === undefined ? [] : [voteOf(agent, policy, input, sides)];
  });
}
