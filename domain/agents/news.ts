// How much an agent listens to the news.
import { z } from 'zod';
import { setting } from '../settings';

export interface NewsPolicy {
  readonly agreeBoost: number;
  readonly disagreeCut: number;
  readonly neutralFactor: number;
  readonly ownVoteScore: number | null;
  readonly ownVoteConfidence: number;
}

/** What most agents do: news moves their confidence and raises no vote by itself. */
export const follows: NewsPolicy = {
  agreeBoost: 0.3,
  disagreeCut: 0.4,
  neutralFactor: 0.95,
  ownVoteScore: null,
  ownVoteConfidence: 0,
};

const share = z.number().min(0).max(1);
const sentences = {
  agreeBoost: 'Confidence grows by this share of |score| × confidence when the news agrees.',
  disagreeCut: 'Confidence shrinks by this share of |score| × confidence when the news disagrees.',
  neutralFactor: 'Confidence is multiplied by this when the news says nothing.',
  ownVoteScore:
    'The |score| from which the news alone, confirmed by price, is a vote; null: never.',
  ownVoteConfidence: 'Confidence of such a vote before the boost.',
};

/** The news policy of an agent, each number with the agent's own default. */
export const newsPolicySchema = (own: NewsPolicy): z.ZodPrefault<z.ZodType<NewsPolicy>> =>
  z
    .strictObject({
      agreeBoost: setting(share, own.agreeBoost, sentences.agreeBoost),
      disagreeCut: setting(share, own.disagreeCut, sentences.disagreeCut),
      neutralFactor: setting(share, own.neutralFactor, sentences.neutralFactor),
      ownVoteScore: setting(share.nullable(), own.ownVoteScore, sentences.ownVoteScore),
      ownVoteConfidence: setting(share, own.ownVoteConfidence, sentences.ownVoteConfidence),
    })
    .readonly()
    .prefault({});
