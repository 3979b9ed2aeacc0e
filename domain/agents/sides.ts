// Runs a rule for both sides and turns the winner into a vote, with the news taken into account. Should
// both sides find something, the stronger wins; equally strong is no opinion.
import { MirroredBar, mirroredPast } from '../indicators';
import { paise } from '../units';
import type { NewsPolicy } from './news';
import type { Agent, Finding, SideInput } from './rule';
import { toShare } from './strength';
import type { AgentName } from './table';
import { sideWords, strongerSide, type StrategyVote } from '../strategy';
import type { AgentInput } from './input';

interface SideFinding extends Finding {
  readonly sign: 1 | -1;
}

/** Strength of the news in the side's favour, −1..1: score times confidence. */
const newsFor = (input: AgentInput, sign: 1 | -1): number =>
  sign * input.sentiment.score * input.sentiment.confidence;

/** The bars as each side's rule sees them, made once for all agents. */
export interface BothSides {
  readonly buy: SideInput;
  readonly sell: SideInput;
}

export const bothSides = (input: AgentInput): BothSides => ({
  buy: sideInput(input, 1),
  sell: sideInput(input, -1),
});

function sideInput(input: AgentInput, sign: 1 | -1): SideInput {
  const isBuy = sign === 1;
  return {
    bar: isBuy ? input.snapshot : new MirroredBar(input.snapshot),
    past: isBuy ? input.past : mirroredPast(input.past),
    words: isBuy ? sideWords.BUY : sideWords.SELL,
    shown: { rsi: (value) => (isBuy ? value : 100 - value).toFixed(0) },
  };
}

/** Strong news by itself, once price is on its side of VWAP and the bar moved its way. */
function newsFinding(side: SideInput, policy: NewsPolicy, input: AgentInput): Finding | null {
  const { bar, words } = side;
  const { score, confidence } = input.sentiment;
  if (policy.ownVoteScore === null || Math.abs(score) < policy.ownVoteScore) return null;
  if (confidence < input.config.ownVoteNewsConfidence) return null;
  if (bar.vwap === null || bar.atr14 === null || bar.atr14 <= 0) return null;
  if (bar.close <= bar.vwap || bar.close <= bar.open) return null;
  return {
    confidence: policy.ownVoteConfidence,
    reason: `strong ${score > 0 ? 'positive' : 'negative'} news with price ${words.above} VWAP and moving ${words.up}`,
    stopDistance: 1.5 * bar.atr14,
    targetDistance: 3 * bar.atr14,
  };
}

function withNews(finding: Finding, news: number, input: AgentInput, policy: NewsPolicy): Finding {
  if (Math.abs(news) < input.config.neutralBelow) {
    return { ...finding, confidence: finding.confidence * policy.neutralFactor };
  }
  const change = news > 0 ? policy.agreeBoost * news : policy.disagreeCut * news;
  const remark = news > 0 ? 'news agrees' : 'news disagrees';
  return {
    ...finding,
    confidence: toShare(finding.confidence * (1 + change)),
    reason: `${finding.reason}; ${remark}`,
  };
}

interface Side {
  readonly input: SideInput;
  readonly sign: 1 | -1;
}

function findingOf(
  { rule }: Agent,
  policy: NewsPolicy,
  input: AgentInput,
  { input: side, sign }: Side,
): SideFinding | null {
  const news = newsFor(input, sign);
  const found = rule(side) ?? (news > 0 ? newsFinding(side, policy, input) : null);
  return found === null ? null : { ...withNews(found, news, input, policy), sign };
}

/** The vote of one agent. */
export function voteOf(
  agent: Agent<AgentName>,
  policy: NewsPolicy,
  input: AgentInput,
  sides: BothSides,
): StrategyVote {
  const buy = findingOf(agent, policy, input, { input: sides.buy, sign: 1 });
  const sell = findingOf(agent, policy, input, { input: sides.sell, sign: -1 });
  const side = strongerSide(buy, sell);
  const winner = side === null ? null : side === 'BUY' ? buy : sell;
  if (winner === null) {
    const reason = buy === null ? 'no set-up' : 'both sides look equally good';
    return { agent: agent.name, action: 'NONE', confidence: 0, reason };
  }
  const close = input.snapshot.close;
  return {
    agent: agent.name,
    action: winner.sign === 1 ? 'BUY' : 'SELL',
    confidence: winner.confidence,
    reason: winner.reason,
    stop: paise(Math.round(close - winner.sign * winner.stopDistance)),
    target: paise(Math.round(close + winner.sign * winner.targetDistance)),
  };
}
