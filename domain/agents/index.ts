// The agents. Each is pure: the same bars, news and configuration give the same vote.
import { bothSides, castOf, voteOf, type Cast } from './sides';
import { agents } from './table';
import type { StrategyVote } from '../strategy';
import type { AgentInput } from './input';

export { agentConfigSchema, type AgentConfig } from './config';
export { agentNames, perAgent, type AgentName } from './table';
export type { AgentInput } from './input';
export { rangeRegime } from './volatility';

/** Calls back for every agent the configuration names, in the table's order. */
export function castAll(
  input: AgentInput,
  each: (agent: (typeof agents)[number], cast: Cast) => void,
): void {
  const sides = bothSides(input);
  for (const agent of agents) {
    const policy = input.config[agent.name];
    if (policy !== undefined) each(agent, castOf(agent, policy, input, sides));
  }
}

/** The vote of every agent the configuration names, in the table's order. */
export function allVotes(input: AgentInput): StrategyVote[] {
  const votes: StrategyVote[] = [];
  castAll(input, (agent, cast) => votes.push(voteOf(agent, cast, input.snapshot.close)));
  return votes;
}
