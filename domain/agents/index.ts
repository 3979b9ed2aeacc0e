// The five agents. Each is pure: the same bars, news and configuration give the same vote.
import { breakoutRule } from './breakout';
import { reversalRule } from './reversal';
import { scalpingRule } from './scalping';
import { voteOf } from './sides';
import { trendRule } from './trend';
import { volatilityRule } from './volatility';
import type { AgentInput, AgentVote } from './vote';

export { defaultAgentConfig, parseAgentConfig, agentConfigSchema } from './config';
export type { AgentConfig, NewsPolicy } from './config';
export { agentNames } from './vote';
export type { AgentInput, AgentName, AgentVote } from './vote';
export { rangeRegime } from './volatility';

/** Range break confirmed by VWAP and volume. */
export const breakoutAgent = (input: AgentInput): AgentVote =>
  voteOf('breakout', breakoutRule, input);
/** EMA 9/21, SuperTrend and MACD together. */
export const trendAgent = (input: AgentInput): AgentVote => voteOf('trend', trendRule, input);
/** Resumption over EMA 9 with room in RSI. */
export const scalpingAgent = (input: AgentInput): AgentVote =>
  voteOf('scalping', scalpingRule, input);
/** MACD histogram widening in a widening range. */
export const volatilityAgent = (input: AgentInput): AgentVote =>
  voteOf('volatility', volatilityRule, input);
/** Spent moves: RSI divergence and VWAP stretch, or exhaustion through VWAP. */
export const reversalAgent = (input: AgentInput): AgentVote =>
  voteOf('reversal', reversalRule, input);

/** Every agent's vote, in the fixed order of `agentNames`. */
export const allVotes = (input: AgentInput): AgentVote[] => [
  breakoutAgent(input),
  trendAgent(input),
  scalpingAgent(input),
  volatilityAgent(input),
  reversalAgent(input),
];
