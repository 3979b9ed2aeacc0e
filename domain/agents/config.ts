// How much each agent listens to the news. The numbers of an agent's technical rule live beside the rule.
import { z } from 'zod';
import { Refused } from '../errors';

const share = z.number().min(0).max(1);

const newsPolicy = z
  .strictObject({
    /** Confidence grows by this share of |score|·confidence when the news agrees. */
    agreeBoost: share,
    /** Confidence shrinks by this share of |score|·confidence when the news disagrees. */
    disagreeCut: share,
    /** Confidence is multiplied by this when the news says nothing. */
    neutralFactor: share,
    /** |score| from which the news alone, confirmed by price, raises a vote; null: never. */
    ownVoteScore: share.nullable(),
    /** Confidence of such a vote before the boost. */
    ownVoteConfidence: share,
  })
  .readonly();

/** One policy per agent. */
export const agentConfigSchema = z
  .strictObject({
    breakout: newsPolicy,
    trend: newsPolicy,
    scalping: newsPolicy,
    volatility: newsPolicy,
    reversal: newsPolicy,
    /** |score|·confidence below this is no news. */
    neutralBelow: share,
    /** News confidence a vote of its own needs. */
    ownVoteNewsConfidence: share,
  })
  .readonly();

export type NewsPolicy = z.infer<typeof newsPolicy>;
export type AgentConfig = z.infer<typeof agentConfigSchema>;

const follows: NewsPolicy = {
  agreeBoost: 0.3,
  disagreeCut: 0.4,
  neutralFactor: 0.95,
  ownVoteScore: null,
  ownVoteConfidence: 0,
};

/** Breakout and volatility may act on strong news by themselves; a scalp hardly cares about it. */
export const defaultAgentConfig: AgentConfig = {
  breakout: { ...follows, ownVoteScore: 0.7, ownVoteConfidence: 0.45 },
  trend: follows,
  scalping: { ...follows, agreeBoost: 0.1, disagreeCut: 0.1, neutralFactor: 1 },
  volatility: { ...follows, ownVoteScore: 0.7, ownVoteConfidence: 0.35 },
  reversal: { ...follows, disagreeCut: 0.6 },
  neutralBelow: 0.1,
  ownVoteNewsConfidence: 0.5,
};

/** @throws Refused AGENT_CONFIG naming the field and what is allowed. */
export function parseAgentConfig(value: unknown): AgentConfig {
  const parsed = agentConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refused({
    code: 'AGENT_CONFIG',
    message: `agent config ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
  });
}
