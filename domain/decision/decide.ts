// Step 7 of the day (docs/trading-day.md): technical 80-85 %, sentiment 15-20 %, then LONG, SHORT or SKIP
// with every number that led there. Pure arithmetic: the same input gives the same decision.
import { paise, type Direction } from '../units';
import type { SentimentView } from '../sentiment/view';
import type { StrategyVote } from '../strategy';
import type { StockAnalysis } from './analyse';
import type { DecisionConfig } from './config';
import { bracketOf } from './bracket';
import { entryWanted, ownVotesFor } from './ownStrategies';
import { reasonFor, skipReason, type SkipCause } from './reason';
import type { Decision } from './decision';

export interface DecisionInput {
  readonly analysis: StockAnalysis;
  readonly sentiment: SentimentView;
  /** From the signal-quality model; null where there is no answer. */
  readonly probabilityLong: number | null;
  readonly probabilityShort: number | null;
  readonly config: DecisionConfig;
}

/** w = 0.15 + 0.05·c: sentiment weighs 15 to 20 percent, by its confidence. */
const sentimentWeight = (confidence: number): number => 0.15 + 0.05 * confidence;

/** Technicals and news in one score, −1..1. */
export function combinedScore(
  technical: number,
  { score, confidence }: Pick<SentimentView, 'score' | 'confidence'>,
): number {
  const weight = sentimentWeight(confidence);
  return (1 - weight) * technical + weight * score;
}

/** How far a combined score lies beyond the threshold of its side; 0 or less decides nothing. */
export const beyondThreshold = (
  combined: number,
  { longThreshold, shortThreshold }: Pick<DecisionConfig, 'longThreshold' | 'shortThreshold'>,
): number => (combined > 0 ? combined - longThreshold : shortThreshold - combined);

/** The decision with its words. */
export function decide(input: DecisionInput): Decision {
  const { words, ...decided } = decideNumbers(input);
  return { ...decided, reason: words() };
}

/** A decision whose words are made when somebody reads them. */
export interface DecisionNumbers extends Omit<Decision, 'reason'> {
  readonly words: () => string;
}

export function decideNumbers(input: DecisionInput): DecisionNumbers {
  const { analysis, sentiment, config } = input;
  const { leaning, size, asksModel, ...scored } = scoreDecision(
    analysis.technical,
    analysis.votes,
    input,
  );
  const entry = entryWanted(ownVotesFor(analysis.votes, leaning), leaning);
  const bracket = bracketOf(analysis, leaning, config);
  const base = {
    tradingsymbol: analysis.tradingsymbol,
    barAt: analysis.barAt,
    ...scored,
    technical: analysis.technical,
    sentimentScore: sentiment.score,
    sentimentConfidence: sentiment.confidence,
    stopDistance: paise(Math.round(bracket.stop)),
    targetDistance: paise(Math.round(bracket.target)),
    ...(entry !== undefined && { entry }),
  };
  const cause = skipCause({ ...scored, asksModel }, base.stopDistance, config);
  if (cause !== null) {
    const words = (): string => skipReason(cause, base, config);
    return { ...base, action: 'SKIP', confidence: 0, sizeFactor: 0, words };
  }
  return {
    ...base,
    action: leaning,
    confidence: Math.min(1, Math.abs(scored.combined)),
    sizeFactor: size,
    words: () => reasonFor(leaning, analysis, sentiment, scored.neutral),
  };
}

/** What a decision is by its scores alone, before its stop is known. */
export interface ScoredDecision extends Pick<
  Decision,
  'combined' | 'sentimentWeight' | 'neutral' | 'probability'
> {
  readonly leaning: Direction;
  /** Share of the size risk would allow, if it is no skip. */
  readonly size: number;
  /**
   * Does the model take part? It has learned from the agents' votes and knows nothing of others: what the user's own
   * strategies vote for is neither filtered nor ranked by it, unless that is configured.
   */
  readonly asksModel: boolean;
}

/** @param votes those of the user's own strategies among them, if there are any. */
export function scoreDecision(
  technical: number,
  votes: readonly StrategyVote[],
  input: Omit<DecisionInput, 'analysis'>,
): ScoredDecision {
  const { sentiment, config } = input;
  const combined = combinedScore(technical, sentiment);
  const leaning: Direction = combined < 0 ? 'SHORT' : 'LONG';
  const asksModel = ownVotesFor(votes, leaning).length === 0 || config.model.filtersOwn;
  const answered = leaning === 'LONG' ? input.probabilityLong : input.probabilityShort;
  return {
    combined,
    sentimentWeight: sentimentWeight(sentiment.confidence),
    neutral: Math.abs(sentiment.score) * sentiment.confidence < config.neutralBelow,
    probability: asksModel ? answered : null,
    leaning,
    size: sizeFactor(combined, sentiment, config),
    asksModel,
  };
}

/** Why it is skipped; null of a trade. @param stop distance to the stop in paise; 0 while it is not known. */
export function skipCause(
  scored: Pick<ScoredDecision, 'combined' | 'neutral' | 'probability' | 'asksModel'>,
  stop: number,
  config: DecisionConfig,
): SkipCause | null {
  const { combined, neutral, probability, asksModel } = scored;
  const beyond = beyondThreshold(combined, config);
  if (beyond <= 0) return 'below-threshold';
  if (stop <= 0) return 'warming-up';
  if (neutral && beyond < config.neutralMargin) return 'neutral-news';
  if (!asksModel) return null;
  if (probability === null) return config.model.whenAbsent === 'block' ? 'no-model' : null;
  return probability < config.model.minProbability ? 'model-says-no' : null;
}

/** Grows with the score; shrinks on neutral news, more so on news against the trade. */
function sizeFactor(combined: number, sentiment: SentimentView, config: DecisionConfig): number {
  const threshold = combined > 0 ? config.longThreshold : -config.shortThreshold;
  const progress = (Math.abs(combined) - threshold) / (config.fullSizeScore - threshold);
  const size = config.smallestSize + (1 - config.smallestSize) * Math.min(1, progress);
  const news = Math.sign(combined) * sentiment.score * sentiment.confidence;
  if (Math.abs(news) < config.neutralBelow) return size * config.neutralSizeFactor;
  return news < 0 ? size * config.opposedSizeFactor : size;
}
