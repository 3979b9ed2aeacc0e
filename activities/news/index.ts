// The sentiment stream: headlines from RSS feeds, linked to stocks, scored by the headline model, summed
// into one view per stock. It runs beside the trading loop; its failure leaves stocks neutral.
import { XMLParser } from 'fast-xml-parser';
import type { Pool } from 'pg';
import { z } from 'zod';
import {
  aggregateSentiment,
  headlineTokens,
  linkHeadline,
  type ScoredHeadline,
} from '../../domain/sentiment';
import { epochMs, type EpochMs } from '../../domain/units';
import type { ModelClient } from '../models';

export interface NewsDependencies {
  readonly pool: Pool;
  readonly models: ModelClient;
  readonly feeds: readonly { readonly name: string; readonly url: string }[];
}

export interface NewsActivities {
  /** Refreshes every stock's view as of a market instant; answers what could not be read. */
  refreshSentiment(request: {
    account: string;
    stocks: readonly string[];
    asOf: EpochMs;
  }): Promise<{ headlines: number; failures: readonly string[] }>;
}

const item = z.object({
  title: z.coerce.string(),
  pubDate: z.coerce.string(),
  guid: z.union([z.string(), z.object({ '#text': z.coerce.string() })]).optional(),
});
const feed = z.object({
  rss: z.object({ channel: z.object({ item: z.union([z.array(item), item]).optional() }) }),
});
const parser = new XMLParser({ ignoreAttributes: true, processEntities: true });
const bodyMax = 2_000_000;
const windowMs = 36 * 3_600_000;

interface Headline {
  readonly guid: string;
  readonly at: EpochMs;
  readonly title: string;
  readonly source: string;
}

async function readFeed({ name, url }: NewsDependencies['feeds'][number]): Promise<Headline[]> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
  if (!reply.ok) throw new Error(`answered ${reply.status}`);
  const text = await reply.text();
  if (text.length > bodyMax) throw new Error(`sent more than ${bodyMax} characters`);
  const items = feed.parse(parser.parse(text)).rss.channel.item ?? [];
  return (Array.isArray(items) ? items : [items]).flatMap((entry) => {
    const at = Date.parse(entry.pubDate);
    const guid =
      typeof entry.guid === 'string'
        ? entry.guid
        : (entry.guid?.['#text'] ?? `${name}/${entry.pubDate}/${entry.title}`);
    return Number.isNaN(at)
      ? []
      : [{ guid, at: epochMs(at), title: entry.title.slice(0, 500), source: name }];
  });
}

export function createNewsActivities({ pool, models, feeds }: NewsDependencies): NewsActivities {
  return {
    refreshSentiment: async ({ account, stocks, asOf }) => {
      const failures: string[] = [];
      const read = await Promise.all(
        feeds.map((source) =>
          readFeed(source).catch((error: unknown) => {
            failures.push(
              `${source.name}: ${error instanceof Error ? error.message : 'unreadable'}`,
            );
            return [];
          }),
        ),
      );
      const headlines = read.flat().filter(({ at }) => at > asOf - windowMs);
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
