// From scored headlines to one view per stock. Recent stories weigh more. A story counts once however often
// it is repeated. Disagreement lowers confidence. No news is {0, 0}: neutral, with no confidence.
import { Refused } from '../errors';
import type { EpochMs } from '../units';
import { storiesOf } from './duplicates';
import { neutralSentiment, type SentimentView } from './view';

/** One headline scored for one stock. */
export interface ScoredHeadline {
  readonly headline: string;
  readonly source: string;
  readonly publishedAt: EpochMs;
  /** The model's probabilities; they sum to 1. */
  readonly negative: number;
  readonly neutral: number;
  readonly positive: number;
}

export interface AggregateConfig {
  /** Older headlines do not count. */
  readonly windowHours: number;
  /** After this many hours a headline's weight has halved. */
  readonly halfLifeHours: number;
  /** Items dated further in the future than this are ignored; nearer ones count as new. */
  readonly clockSkewMinutes: number;
  /** Weight by source, 0..1; others weigh `otherSourceWeight`. */
  readonly sourceWeights: Readonly<Record<string, number>>;
  readonly otherSourceWeight: number;
  /** Summed weight at which the amount of news is worth 63 % of full confidence. */
  readonly saturationWeight: number;
}

export const defaultAggregateConfig: AggregateConfig = {
  windowHours: 36,
  halfLifeHours: 6,
  clockSkewMinutes: 5,
  sourceWeights: {},
  otherSourceWeight: 0.8,
  saturationWeight: 1,
};

interface WeighedStory {
  readonly headline: string;
  readonly source: string;
  readonly score: number;
  readonly weight: number;
}

const hourMs = 3_600_000;

/**
 * The view of one stock from its scored headlines, in any order.
 * @throws Refused SENTIMENT_SCORE when a probability is not in 0..1 or they do not sum to 1.
 */
export function aggregateSentiment(
  items: readonly ScoredHeadline[],
  now: EpochMs,
  config: AggregateConfig = defaultAggregateConfig,
): SentimentView {
  items.forEach(checkScores);
  const counted = items.filter((item) => isCounted(item, now, config));
  const stories = storiesOf(counted).flatMap((copies) => weighStory(copies, now, config));
  const mass = sum(stories.map((story) => story.weight));
  if (mass === 0) return neutralSentiment(now);
  const pull = sum(stories.map((story) => story.weight * story.score));
  const force = sum(stories.map((story) => story.weight * Math.abs(story.score)));
  const agreement = force === 0 ? 1 : Math.abs(pull) / force;
  return {
    score: pull / mass,
    confidence: (1 - Math.exp(-mass / config.saturationWeight)) * (0.3 + 0.7 * agreement),
    evidence: evidenceOf(stories),
    itemCount: stories.length,
    asOf: now,
  };
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

function checkScores(item: ScoredHeadline): void {
  const { negative, neutral, positive } = item;
  const valid = [negative, neutral, positive].every((share) => share >= 0 && share <= 1);
  if (valid && Math.abs(negative + neutral + positive - 1) < 1e-2) return;
  throw new Refused({
    code: 'SENTIMENT_SCORE',
    message: `probabilities of "${item.headline}" must be 0 to 1 and sum to 1, were ${negative}, ${neutral}, ${positive}`,
  });
}

function isCounted(item: ScoredHeadline, now: EpochMs, config: AggregateConfig): boolean {
  const age = now - item.publishedAt;
  return age <= config.windowHours * hourMs && age >= -config.clockSkewMinutes * 60_000;
}

/** A story has the time of its first telling, the weight of its best source, and the mean score. */
function weighStory(
  copies: readonly ScoredHeadline[],
  now: EpochMs,
  config: AggregateConfig,
): WeighedStory[] {
  const [first] = copies;
  if (first === undefined) return [];
  const ageHours = Math.max(0, now - first.publishedAt) / hourMs;
  const trust = Math.max(
    ...copies.map((copy) => config.sourceWeights[copy.source] ?? config.otherSourceWeight),
  );
  const score = sum(copies.map((copy) => copy.positive - copy.negative)) / copies.length;
  const weight = trust * 2 ** (-ageHours / config.halfLifeHours);
  return [{ headline: first.headline, source: first.source, score, weight }];
}

function strengthWords(score: number): string {
  const strength = Math.abs(score);
  if (strength < 0.2) return 'Neutral news';
  const side = score > 0 ? 'positive' : 'negative';
  return strength < 0.6 ? `Mildly ${side} news sentiment` : `Strong ${side} news sentiment`;
}

/** The three stories with the greatest influence, as sentences for the alert. */
function evidenceOf(stories: readonly WeighedStory[]): string[] {
  const pull = (story: WeighedStory): number =>
    story.weight * Math.max(0.05, Math.abs(story.score));
  return [...stories]
    .sort((a, b) => pull(b) - pull(a) || (a.headline < b.headline ? -1 : 1))
    .slice(0, 3)
    .map((story) => `${strengthWords(story.score)} detected: ${story.headline} (${story.source})`);
}
