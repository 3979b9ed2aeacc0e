// The agents. Each is pure: the same bars, news and configuration give the same vote.
import { bothSides, voteOf } from './sides';
import { agents } from './table';
import type { AgentInput, AgentVote } from './vote';

export { agentConfigSchema, type AgentConfig } from './config';
export type { MarketKind } from './rule';
export { agentNames, perAgent, type AgentName } from './table';
export type { AgentInput, AgentVote } from './vote';
export { rangeRegime } from './volatility';

/** The vote of every agent the configuration names, in the table's order. */
export function allVotes(input: AgentInput): AgentVote[] {
  const sides = bothSides(input);
  return agents.flatMap((agent) => {
    const policy = input.config[agent.name];
    return policy === undefined ? [] : [voteOf(agent, policy, input, sides)];
  });
}
