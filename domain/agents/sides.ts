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
    shown: isBuy ? buyShown : sellShown,
  };
}

const buyShown: SideInput['shown'] = { rsi: (value) => value.toFixed(0) };
const sellShown: SideInput['shown'] = { rsi: (value) => (100 - value).toFixed(0) };

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
    reason: () =>
      `strong ${score > 0 ? 'positive' : 'negative'} news with price ${words.above} VWAP and moving ${words.up}`,
    stopDistance: 1.5 * bar.atr14,
    targetDistance: 3 * bar.atr14,
  };
}

function withNews(finding: Finding, news: number, input: AgentInput, policy: NewsPolicy): Finding {
  if (Math.abs(news) < input.config.neutralBelow) {
    const { confidence, reason, stopDistance, targetDistance } = finding;
    return {
      confidence: confidence * policy.neutralFactor,
      reason,
      stopDistance,
      targetDistance,
    };
  }
  const change = news > 0 ? policy.agreeBoost * news : policy.disagreeCut * news;
  const remark = news > 0 ? 'news agrees' : 'news disagrees';
  return {
    ...finding,
    confidence: toShare(finding.confidence * (1 + change)),
    reason: () => `${finding.reason()}; ${remark}`,
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
): Finding | null {
  const news = newsFor(input, sign);
  const found = rule(side) ?? (news > 0 ? newsFinding(side, policy, input) : null);
  return found === null ? null : withNews(found, news, input, policy);
}

/** What an agent finds, and which side weighs more. */
export interface Cast {
  /** 1 to buy, −1 to sell, 0 where nothing was found or both sides look equally good. */
  readonly sign: 1 | -1 | 0;
  /** Of that side; null where there is none. */
  readonly finding: Finding | null;
  readonly nothingFound: boolean;
}

export function castOf(
  agent: Agent<AgentName>,
  policy: NewsPolicy,
  input: AgentInput,
  sides: BothSides,
): Cast {
  const buy = findingOf(agent, policy, input, { input: sides.buy, sign: 1 });
  const sell = findingOf(agent, policy, input, { input: sides.sell, sign: -1 });
  const side = strongerSide(buy, sell);
  if (side === null) return { sign: 0, finding: null, nothingFound: buy === null };
  return side === 'BUY'
    ? { sign: 1, finding: buy, nothingFound: false }
    : { sign: -1, finding: sell, nothingFound: false };
}

/** The vote of one agent, in words and levels. @param close the bar's, in paise. */
export function voteOf({ name: agent }: Agent<AgentName>, cast: Cast, close: number): StrategyVote {
  const { sign, finding, nothingFound } = cast;
  if (finding === null)
    return {
      agent,
      action: 'NONE',
      confidence: 0,
      reason: nothingFound ? 'no set-up' : 'both sides look equally good',
    };
  return {
    agent,
    action: sign === 1 ? 'BUY' : 'SELL',
    confidence: finding.confidence,
    reason: finding.reason(),
    stop: paise(Math.round(close - sign * finding.stopDistance)),
    target: paise(Math.round(close + sign * finding.targetDistance)),
  };
}
