// The words of a decision, for the alert, `ratchet why` and the report. They are built from the numbers that
// decided, so the sentence cannot contradict the arithmetic.
import type { SentimentView } from '../sentiment/view';
import type { Direction } from '../units';
import type { StockAnalysis } from './analyse';
import type { DecisionConfig } from './config';
import type { Decision } from './decision';

export type SkipCause =
  'below-threshold' | 'warming-up' | 'neutral-news' | 'no-model' | 'model-says-no';

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

const side = (direction: Direction): 'BUY' | 'SELL' => (direction === 'LONG' ? 'BUY' : 'SELL');

function newsWords(score: number, neutral: boolean): string {
  if (neutral) return 'neutral sentiment';
  return score > 0 ? 'bullish sentiment' : 'bearish sentiment';
}

const technicalWords = (technical: number): string =>
  technical > 0 ? 'technical strength' : 'technical weakness';

/** Which agents voted for the trade and what the news adds, with the headlines that weighed most. */
export function reasonFor(
  direction: Direction,
  analysis: StockAnalysis,
  sentiment: SentimentView,
  neutral: boolean,
): string {
  const agreeing = analysis.votes.filter((vote) => vote.action === side(direction));
  const votes = agreeing.map(
    (vote) => `${vote.agent} ${vote.confidence.toFixed(2)} (${vote.reason})`,
  );
  const spoken = votes.length === 0 ? 'no agent' : votes.join('; ');
  const news = `${newsWords(sentiment.score, neutral)} ${signed(sentiment.score)} at confidence ${sentiment.confidence.toFixed(2)}`;
  const evidence =
    neutral || sentiment.evidence.length === 0 ? '' : `: ${sentiment.evidence.join('; ')}`;
  return `${direction}: ${spoken}; technical ${signed(analysis.technical)}; ${news}${evidence}`;
}

type Scored = Pick<Decision, 'combined' | 'technical' | 'sentimentScore' | 'probability'>;

/** Why a stock is skipped, in words. */
export function skipReason(cause: SkipCause, scored: Scored, config: DecisionConfig): string {
  const combined = `combined score ${signed(scored.combined)} (technical ${signed(scored.technical)}, sentiment ${signed(scored.sentimentScore)})`;
  const threshold = signed(scored.combined > 0 ? config.longThreshold : config.shortThreshold);
  switch (cause) {
    case 'below-threshold':
      return `SKIP: ${combined} does not reach ${signed(config.longThreshold)} or ${signed(config.shortThreshold)}`;
    case 'warming-up':
      return `SKIP: ${combined}, but the true range is not known yet`;
    case 'neutral-news':
      return `SKIP: ${combined} is only just beyond ${threshold} and sentiment is neutral`;
    case 'no-model':
      return `SKIP: ${combined}, but the signal-quality model gave no answer and is required`;
    case 'model-says-no':
      return `SKIP: ${combined}, but the probability of target before stop is ${(scored.probability ?? 0).toFixed(2)}, below ${config.model.minProbability.toFixed(2)}`;
  }
}

/**
 * The alert's sentence, e.g. `SHORT trade executed due to bearish sentiment + technical weakness`.
 * News or technicals that pointed the other way are named with "despite".
 */
export function alertSentence(
  decision: Pick<Decision, 'action' | 'technical' | 'sentimentScore' | 'neutral'>,
): string {
  const { action, technical, sentimentScore, neutral } = decision;
  if (action === 'SKIP') return 'No trade';
  const sign = action === 'LONG' ? 1 : -1;
  const newsSide = neutral ? 0 : Math.sign(sentimentScore) * sign;
  const chartSide = Math.sign(technical) * sign;
  const parts = [
    { side: newsSide, words: newsWords(sentimentScore, neutral) },
    { side: chartSide, words: technicalWords(technical) },
  ];
  const causes = parts.filter((part) => part.side > 0).map((part) => part.words);
  const against = parts.filter((part) => part.side < 0).map((part) => part.words);
  const despite = against.length > 0 ? ` despite ${against.join(' + ')}` : '';
  const remark = neutral ? ' (neutral sentiment)' : '';
  return `${action} trade executed due to ${causes.join(' + ')}${despite}${remark}`;
}
