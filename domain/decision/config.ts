// Every number a decision depends on, validated, with the relations between them. The sentiment weights are
// not among them: they are fixed (docs/deciding.md).
import { z } from 'zod';
import { agentConfigSchema, defaultAgentConfig } from '../agents';
import { Refused } from '../errors';

const share = z.number().min(0).max(1);
const positive = z.number().positive().max(100);

const agentWeights = z
  .strictObject({
    breakout: positive,
    trend: positive,
    scalping: positive,
    volatility: positive,
    reversal: positive,
  })
  .readonly();

export const decisionConfigSchema = z
  .strictObject({
    /** Minutes per bar the agents look at. */
    barMinutes: z.number().int().min(1).max(60),
    agents: agentConfigSchema,
    /** How much each agent's vote counts in each regime. */
    weights: z
      .strictObject({ trending: agentWeights, ranging: agentWeights, volatile: agentWeights })
      .readonly(),
    /** Share of all weight that must vote before the technical score counts in full. */
    fullQuorum: share.refine((value) => value > 0, 'must be above 0'),
    /** Combined score above which LONG; below its negative counterpart SHORT. */
    longThreshold: share,
    shortThreshold: z.number().min(-1).max(0),
    /** Combined score (either sign) from which the size is full. */
    fullSizeScore: share,
    /** Size at the threshold itself. */
    smallestSize: share,
    /** |sentiment score|·confidence below this is neutral. */
    neutralBelow: share,
    /** Neutral sentiment multiplies the size by this … */
    neutralSizeFactor: share,
    /** … and skips a combined score less than this beyond its threshold. */
    neutralMargin: share,
    /** Sentiment against the trade multiplies the size by this. */
    opposedSizeFactor: share,
    /** Stop distance in true ranges: the agents' average, held inside these. */
    stopRanges: z.strictObject({ least: positive, usual: positive, most: positive }).readonly(),
    /** Target distance over stop distance. */
    rewardToRisk: positive,
    model: z
      .strictObject({
        /** What to do without the signal-quality model's answer. */
        whenAbsent: z.enum(['block', 'pass']),
        /** Probability of target before stop below which the entry is skipped. */
        minProbability: share,
      })
      .readonly(),
  })
  .refine(
    (config) => config.fullSizeScore > Math.max(config.longThreshold, -config.shortThreshold),
    {
      path: ['fullSizeScore'],
      message: 'must be beyond both thresholds',
    },
  )
  .refine(
    ({ stopRanges }) => stopRanges.least <= stopRanges.usual && stopRanges.usual <= stopRanges.most,
    { path: ['stopRanges'], message: 'least, usual and most must be in that order' },
  )
  .readonly();

export type DecisionConfig = z.infer<typeof decisionConfigSchema>;

/** The model's answers lie between 0.25 and 0.36 (docs/models.md), so its floor drops only the worst. */
export const defaultDecisionConfig: DecisionConfig = {
  barMinutes: 5,
  agents: defaultAgentConfig,
  weights: {
    trending: { breakout: 1.2, trend: 1.5, scalping: 0.8, volatility: 1, reversal: 0.6 },
    ranging: { breakout: 0.8, trend: 0.7, scalping: 0.8, volatility: 0.7, reversal: 1.4 },
    volatile: { breakout: 1.2, trend: 0.9, scalping: 0.5, volatility: 1.3, reversal: 1 },
  },
  fullQuorum: 0.4,
  longThreshold: 0.3,
  shortThreshold: -0.3,
  fullSizeScore: 0.7,
  smallestSize: 0.5,
  neutralBelow: 0.1,
  neutralSizeFactor: 0.75,
  neutralMargin: 0.03,
  opposedSizeFactor: 0.5,
  stopRanges: { least: 1, usual: 1.5, most: 2.5 },
  rewardToRisk: 1.5,
  model: { whenAbsent: 'pass', minProbability: 0.28 },
};

/** @throws Refused DECISION_CONFIG naming the field and what is allowed. */
export function parseDecisionConfig(value: unknown): DecisionConfig {
  const parsed = decisionConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refused({
    code: 'DECISION_CONFIG',
    message: `decision config ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
  });
}
