// Step 7 of the day (docs/trading-day.md): technical 80-85 %, sentiment 15-20 %, then LONG, SHORT or SKIP
// with every number that led there. Pure arithmetic: the same input gives the same decision.
import { paise, type Direction } from '../units';
import type { SentimentView } from '../sentiment/view';
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

export function decide(input: DecisionInput): Decision {
  const { analysis, sentiment, config } = input;
  const weight = sentimentWeight(sentiment.confidence);
  const combined = (1 - weight) * analysis.technical + weight * sentiment.score;
  const neutral = Math.abs(sentiment.score) * sentiment.confidence < config.neutralBelow;
  const leaning: Direction = combined < 0 ? 'SHORT' : 'LONG';
  const own = ownVotesFor(analysis.votes, leaning);
  // The model has learned from the agents' votes and knows nothing of others: what the user's own strategies vote for
  // is neither filtered nor ranked by it, unless that is configured.
  const asksModel = own.length === 0 || config.model.filtersOwn;
  const answered = leaning === 'LONG' ? input.probabilityLong : input.probabilityShort;
  const probability = asksModel ? answered : null;
  const entry = entryWanted(own, leaning);
  const bracket = bracketOf(analysis, leaning, config);
  const base = {
    tradingsymbol: analysis.tradingsymbol,
    barAt: analysis.barAt,
    combined,
    technical: analysis.technical,
    sentimentScore: sentiment.score,
    sentimentConfidence: sentiment.confidence,
    sentimentWeight: weight,
    probability,
    neutral,
    stopDistance: paise(Math.round(bracket.stop)),
    targetDistance: paise(Math.round(bracket.target)),
    ...(entry !== undefined && { entry }),
  };
  const stop = base.stopDistance;
  const cause = skipCause({ combined, neutral, probability, asksModel, stop }, config);
  if (cause !== null) {
    const reason = skipReason(cause, base, config);
    return { ...base, action: 'SKIP', confidence: 0, sizeFactor: 0, reason };
  }
  return {
    ...base,
    action: leaning,
    confidence: Math.min(1, Math.abs(combined)),
    sizeFactor: sizeFactor(combined, sentiment, config),
    reason: reasonFor(leaning, analysis, sentiment, neutral),
  };
}

interface Numbers {
  readonly combined: number;
  readonly neutral: boolean;
  readonly probability: number | null;
  /** Does the model take part? */
  readonly asksModel: boolean;
  readonly stop: number;
}

function skipCause(numbers: Numbers, config: DecisionConfig): SkipCause | null {
  const { combined, neutral, probability, asksModel } = numbers;
  const beyond = combined > 0 ? combined - config.longThreshold : config.shortThreshold - combined;
  if (beyond <= 0) return 'below-threshold';
  if (numbers.stop <= 0) return 'warming-up';
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
