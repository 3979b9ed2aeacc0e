// The five agents. Each is pure: the same bars, news and configuration give the same vote.
import { breakoutRule } from './breakout';
import { reversalRule } from './reversal';
import { scalpingRule } from './scalping';
import { bothSides, voteOf, type Agent } from './sides';
import { trendRule } from './trend';
import { volatilityRule } from './volatility';
import type { AgentInput, AgentVote } from './vote';

export { defaultAgentConfig, parseAgentConfig, agentConfigSchema } from './config';
export type { AgentConfig, NewsPolicy } from './config';
export { agentNames } from './vote';
export type { AgentInput, AgentName, AgentVote } from './vote';
export { rangeRegime } from './volatility';

const breakout: Agent = { name: 'breakout', rule: breakoutRule };
const trend: Agent = { name: 'trend', rule: trendRule };
const scalping: Agent = { name: 'scalping', rule: scalpingRule };
const volatility: Agent = { name: 'volatility', rule: volatilityRule };
const reversal: Agent = { name: 'reversal', rule: reversalRule };

/** Range break confirmed by VWAP and volume. */
export const breakoutAgent = (input: AgentInput): AgentVote => voteOf(breakout, input);
/** EMA 9/21, SuperTrend and MACD together. */
export const trendAgent = (input: AgentInput): AgentVote => voteOf(trend, input);
/** Resumption over EMA 9 with room in RSI. */
export const scalpingAgent = (input: AgentInput): AgentVote => voteOf(scalping, input);
/** MACD histogram widening in a widening range. */
export const volatilityAgent = (input: AgentInput): AgentVote => voteOf(volatility, input);
/** Spent moves: RSI divergence and VWAP stretch, or exhaustion through VWAP. */
export const reversalAgent = (input: AgentInput): AgentVote => voteOf(reversal, input);

/** Every agent's vote, in the fixed order of `agentNames`. */
export function allVotes(input: AgentInput): AgentVote[] {
  const sides = bothSides(input);
  return [breakout, trend, scalping, volatility, reversal].map((agent) =>
    voteOf(agent, input, sides),
  );
}
