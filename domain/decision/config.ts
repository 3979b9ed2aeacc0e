// Every number a decision depends on, with its range, default and meaning, and the relations between them.
// The weights of sentiment are part of the method and not configured.
import { z } from 'zod';
import { agentConfigSchema, perAgent, type AgentConfig, type AgentName } from '../agents';
import { setting } from '../settings';
import type { MarketKind, StrategyInUse } from '../strategy';

const share = z.number().min(0).max(1);
const positive = z.number().positive().max(100);

const weightsIn = (kind: MarketKind): z.ZodPrefault<z.ZodType<Record<AgentName, number>>> =>
  z
    .strictObject(
      perAgent(({ name, weights }) =>
        setting(positive, weights[kind], `Weight of a vote of ${name} in a ${kind} market.`),
      ),
    )
    .prefault({});

const weightsSchema = z
  .strictObject({
    trending: weightsIn('trending'),
    ranging: weightsIn('ranging'),
    volatile: weightsIn('volatile'),
  } satisfies Record<MarketKind, unknown>)
  .readonly();

const stopRangesSchema = z
  .strictObject({
    least: setting(positive, 1, 'Least stop distance, in true ranges.'),
    usual: setting(positive, 1.5, 'Stop distance where no agent suggests one, in true ranges.'),
    most: setting(positive, 2.5, 'Largest stop distance, in true ranges.'),
  })
  .readonly();

// The model's answers lie between 0.25 and 0.36 (docs/models.md): its floor only drops the worst.
const modelSchema = z
  .strictObject({
    whenAbsent: setting(
      z.enum(['block', 'pass']),
      'pass',
      'Whether an entry waits for the signal-quality model: block makes none without its answer.',
    ),
    minProbability: setting(
      share,
      0.28,
      'Probability of target before stop below which an entry is skipped.',
    ),
    filtersOwn: setting(
      z.boolean(),
      false,
      'Whether the model, which was trained on the agents, also filters what your own strategies vote for.',
    ),
  })
  .readonly();

export const decisionConfigSchema = z
  .strictObject({
    barMinutes: setting(z.int().min(1).max(60), 5, 'Minutes per bar the agents look at.'),
    agents: agentConfigSchema.prefault({}),
    weights: weightsSchema.prefault({}),
    fullQuorum: setting(
      z.number().positive().max(1),
      0.4,
      'Share of all weight that must vote before the technical score counts in full.',
    ),
    longThreshold: setting(share, 0.3, 'Combined score above which the decision is LONG.'),
    shortThreshold: setting(
      z.number().min(-1).max(0),
      -0.3,
      'Combined score below which the decision is SHORT.',
    ),
    fullSizeScore: setting(
      share,
      0.7,
      'Combined score, of either sign, from which the size is full; beyond both thresholds.',
    ),
    smallestSize: setting(share, 0.5, 'Share of the full size at the threshold itself.'),
    neutralBelow: setting(share, 0.1, 'Sentiment is neutral below this |score| × confidence.'),
    neutralSizeFactor: setting(share, 0.75, 'Neutral sentiment multiplies the size by this.'),
    neutralMargin: setting(
      share,
      0.03,
      'With neutral sentiment, a score less than this beyond its threshold is skipped.',
    ),
    opposedSizeFactor: setting(
      share,
      0.5,
      'Sentiment against the trade multiplies the size by this.',
    ),
    stopRanges: stopRangesSchema.prefault({}),
    rewardToRisk: setting(positive, 1.5, 'Target distance over stop distance.'),
    model: modelSchema.prefault({}),
  })
  .superRefine(({ fullSizeScore, longThreshold, shortThreshold, stopRanges }, context) => {
    if (fullSizeScore <= Math.max(longThreshold, -shortThreshold))
      context.addIssue({
        code: 'custom',
        path: ['fullSizeScore'],
        message: `must be beyond both thresholds, ${longThreshold} and ${shortThreshold}`,
      });
    const { least, usual, most } = stopRanges;
    if (least > usual || usual > most)
      context.addIssue({
        code: 'custom',
        path: ['stopRanges'],
        message: 'must have least, usual and most in that order',
      });
  })
  .readonly();

type ConfiguredDecision = z.infer<typeof decisionConfigSchema>;

/** Weight of each vote, by the voter's name; an agent a recorded day did not know has none. */
export type AgentWeights = Readonly<Partial<Record<string, number>>>;

/** What a decision is made by: of today's configuration, or of a recorded day. */
export type DecisionConfig = Omit<ConfiguredDecision, 'agents' | 'weights'> & {
  readonly agents: AgentConfig;
  readonly weights: Readonly<Record<MarketKind, AgentWeights>>;
  /** The user's own strategies that are asked; absent where there are none. */
  readonly strategies?: readonly StrategyInUse[];
};

export const defaultDecisionConfig: ConfiguredDecision = decisionConfigSchema.parse({});
