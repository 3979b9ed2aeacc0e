// What the worker talks to outside, made from its environment: news, the model server, the receivers of alerts.
import { alertChannels, type AlertChannel } from '../activities/alerts';
import { createModelClient } from '../activities/models';
import { NewsReader, type NewsSource } from '../activities/news';
import { readSecret } from '../infra/secrets';
import type { WorkerEnvironment } from './environment';

/** The configured sources; on paper the exchange's own feed comes first. */
export function newsReader({ config, broker }: WorkerEnvironment): NewsReader {
  const paper = broker.mode === 'paper';
  const exchangeFeed: NewsSource[] =
    broker.address.rest === undefined || !paper
      ? []
      : [
          {
            name: 'paper exchange',
            kind: 'feed',
            url: `${broker.address.rest}/paper/news.rss`,
          },
        ];
  return new NewsReader({
    sources: [...exchangeFeed, ...config.feeds],
    loopback: paper,
    postsToken: readSecret('RATCHET_X_BEARER_TOKEN'),
    everyMinMs: paper ? 1_000 : 60_000,
  });
}

export const modelClient = ({
  config,
  modelServer,
  modelScoreToken: scoreToken,
}: WorkerEnvironment): ReturnType<typeof createModelClient> =>
  createModelClient(modelServer, {
    deadlineMs: config.models.deadlineMs,
    scoreToken,
    onAbsent: (model, reason) => console.warn(`no score from ${model}: ${reason}`),
  });

export const configuredChannels = ({
  config,
  broker: { mode },
}: WorkerEnvironment): readonly AlertChannel[] =>
  alertChannels({
    config,
    secret: readSecret,
    mode,
    loopbackDevelopment: mode === 'paper',
  });
