// The table of agents. A new one is a file of its own and a line here: votes, configuration, default
// weights, counts and documents follow from the table. Sums are added in its order, so a new line goes last:
// another order of adding is another last digit.
import { breakout } from './breakout';
import { reversal } from './reversal';
import { scalping } from './scalping';
import { trend } from './trend';
import { volatility } from './volatility';

export const agents = [breakout, trend, scalping, volatility, reversal] as const;

type ListedAgent = (typeof agents)[number];
export type AgentName = ListedAgent['name'];
export const agentNames: readonly AgentName[] = agents.map(({ name }) => name);

/** One value for each agent, in the table's order. */
export const perAgent = <Value>(valueOf: (agent: ListedAgent) => Value): Record<AgentName, Value> =>
  // TypeScript knows no keys of an object made from entries; they are the names of the table.
  Object.fromEntries(agents.map((agent) => [agent.name, valueOf(agent)])) as Record<
    AgentName,
    Value
  >;
