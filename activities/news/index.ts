// The sentiment stream: headlines from every source, linked to stocks, scored by the headline model, summed
// into one view per stock. It runs beside the trading loop; its failure leaves stocks neutral.
import type { Pool } from 'pg';
import {
  aggregateSentiment,
  headlineTokens,
  linkHeadline,
  type ScoredHeadline,
} from '../../domain/sentiment';
import type { EpochMs } from '../../domain/units';
import type { ModelClient } from '../models';
import type { Headline } from './headlines';
import type { NewsReader } from './sources';

export { NewsReader, type NewsSource } from './sources';

export interface NewsDependencies {
  readonly pool: Pool;
  readonly models: ModelClient;
  readonly news: NewsReader;
}

export interface NewsActivities {
  /** Refreshes every stock's view as of a market instant; answers what could not be read. */
  refreshSentiment(request: {
    account: string;
    stocks: readonly string[];
    asOf: EpochMs;
  }): Promise<{ headlines: number; failures: readonly string[] }>;
}

const windowMs = 36 * 3_600_000;

export function createNewsActivities({ pool, models, news }: NewsDependencies): NewsActivities {
  return {
    refreshSentiment: async ({ account, stocks, asOf }) => {
      const reading = await news.read();
      const failures = [...reading.failures];
      const headlines = reading.headlines.filter(({ at }) => at > asOf - windowMs);
      await store(pool, headlines);
      const scored = await scoreByStock(models, headlines, new Set(stocks)).catch(
        (error: unknown) => {
          failures.push(`headline model: ${error instanceof Error ? error.message : 'failed'}`);
          return new Map<string, ScoredHeadline[]>();
        },
      );
      for (const stock of stocks) {
        const view = aggregateSentiment(scored.get(stock) ?? [], asOf);
        await pool.query(
          'insert into sentiment (account, tradingsymbol, as_of, view) values ($1, $2, $3, $4) on conflict do nothing',
          [account, stock, asOf, view],
        );
      }
      return { headlines: headlines.length, failures };
    },
  };
}

async function store(pool: Pool, headlines: readonly Headline[]): Promise<void> {
  for (const { guid, at, title, source } of headlines) {
    await pool.query(
      'insert into headline (guid, published_at, title, source) values ($1, $2, $3, $4) on conflict do nothing',
      [guid, at, title, source],
    );
  }
}

/** Scores each headline once for each watched company in it. */
async function scoreByStock(
  models: ModelClient,
  headlines: readonly Headline[],
  watched: ReadonlySet<string>,
): Promise<Map<string, ScoredHeadline[]>> {
  const pairs = headlines.flatMap((headline) =>
    linkHeadline(headline.title)
      .links.filter(({ tradingsymbol }) => watched.has(tradingsymbol))
      .map((link) => ({ headline, link })),
  );
  const { rows } = await models.score(
    'sentiment',
    pairs.map(({ headline, link }) => headlineTokens(headline.title, link.mention)),
  );
  const byStock = new Map<string, ScoredHeadline[]>();
  pairs.forEach(({ headline, link }, index) => {
    const [negative = 0, neutral = 1, positive = 0] = rows[index] ?? [];
    const entry: ScoredHeadline = {
      headline: headline.title,
      source: headline.source,
      publishedAt: headline.at,
      negative,
      neutral,
      positive,
    };
    byStock.set(link.tradingsymbol, [...(byStock.get(link.tradingsymbol) ?? []), entry]);
  });
  return byStock;
}
