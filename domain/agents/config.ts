// What is configured of the agents: how each listens to the news, and what counts as news at all.
import { z } from 'zod';
import { setting } from '../settings';
import { newsPolicySchema, type NewsPolicy } from './news';
import { perAgent, type AgentName } from './table';

const share = z.number().min(0).max(1);

export const agentConfigSchema = z
  .strictObject({
    ...perAgent(({ news, sentence }) => newsPolicySchema(news).describe(sentence)),
    neutralBelow: setting(share, 0.1, 'A |score| × confidence below this is no news.'),
    ownVoteNewsConfidence: setting(share, 0.5, 'News confidence a vote of its own needs.'),
  })
  .readonly();

/**
 * A day's agent configuration, maybe recorded. An agent the record does not name did not exist that day and
 * takes no part.
 */
export type AgentConfig = Readonly<Partial<Record<AgentName, NewsPolicy>>> &
  Pick<z.infer<typeof agentConfigSchema>, 'neutralBelow' | 'ownVoteNewsConfidence'>;
