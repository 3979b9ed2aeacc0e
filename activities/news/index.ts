// The news stream: headlines from every source, linked to stocks, scored by the headline model, and summed
// into one view per stock. It runs beside the trading loop; when it fails, stocks are neutral. The cost of a
// hostile source is bounded at every step: bytes, items, headlines a stock, rows a request.
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Pool } from 'pg';
import {
  aggregateSentiment,
  headlineTokens,
  linkHeadline,
  type AggregateConfig,
  type ListedName,
  type NameTable,
  type ScoredHeadline,
} from '../../domain/sentiment';
import type { EpochMs } from '../../domain/units';
import { scoreInBatches, type ModelClient } from '../models';
import { dayNames } from './dayNames';
import type { Headline } from './headlines';
import type { NewsReader } from './sources';
import { readHeadlines, storeHeadlines, storeReading, type NewsReading } from './store';

export type { DocumentReading, ReadItem } from './headlines';
export { NewsReader, type NewsSource, type SourceFailure } from './sources';
export type { NewsReading } from './store';

export interface NewsDependencies {
  readonly pool: Pool;
  readonly models: ModelClient;
  readonly news: NewsReader;
  readonly aggregate: AggregateConfig;
  /** The day's list of stocks, from which their names come. */
  readonly listing: () => Promise<readonly ListedName[]>;
}

export interface NewsActivities {
  /** Refreshes every stock's view as of a market instant. @returns what could not be read. */
  refreshSentiment(request: {
    account: string;
    stocks: readonly string[];
    asOf: EpochMs;
  }): Promise<NewsReading>;
}

/** The newest headlines of a stock that count; older ones beyond this number do not. */
const perStockMax = 100;

export function createNewsActivities(dependencies: NewsDependencies): NewsActivities {
  const { pool, models, news, aggregate } = dependencies;
  const namesOf = dayNames(dependencies.listing);
  let unscoredInARow = 0;
  return {
    refreshSentiment: async ({ account, stocks, asOf }) => {
      const read = await news.read();
      await storeHeadlines(pool, read.headlines);
      const window = [
        asOf - aggregate.windowHours * 3_600_000,
        asOf + aggregate.clockSkewMinutes * 60_000,
      ] as const;
      const headlines = await readHeadlines(pool, news.names, window);
      const names = await namesOf(asOf);
      const pairs = await pairsOf(headlines, new Set(stocks), names.table);
      const failures = [...read.failures, ...names.failures];
      const scored = await scorePairs(models, pairs).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : 'failed';
        failures.push({ source: 'headline model', why, timesInARow: unscoredInARow + 1 });
        return null;
      });
      unscoredInARow = scored === null ? unscoredInARow + 1 : 0;
      const reading = { asOf, headlines: headlines.length, scored: pairs.length, failures };
      const views = stocks.map(
        (stock) => [stock, aggregateSentiment(scored?.get(stock) ?? [], asOf, aggregate)] as const,
      );
      await storeReading(pool, account, reading, new Map(views));
      return reading;
    },
  };
}

interface Pair {
  readonly headline: Headline;
  readonly tradingsymbol: string;
  readonly tokens: readonly number[];
}

/**
 * How many headlines are linked at once, which takes a few milliseconds. Then the worker's other activities
 * have their turn.
 */
const linkedAtOnce = 50;

/** Pairs each headline with every watched company in it, once. @param headlines newest first. */
async function pairsOf(
  headlines: readonly Headline[],
  watched: ReadonlySet<string>,
  names: NameTable | undefined,
): Promise<Pair[]> {
  const counts = new Map<string, number>();
  const pairs: Pair[] = [];
  for (const [index, headline] of headlines.entries()) {
    if (index % linkedAtOnce === linkedAtOnce - 1) await othersTurn();
    for (const { tradingsymbol, mention } of linkHeadline(headline.title, names).links) {
      const known = counts.get(tradingsymbol) ?? 0;
      if (!watched.has(tradingsymbol) || known >= perStockMax) continue;
      counts.set(tradingsymbol, known + 1);
      pairs.push({ headline, tradingsymbol, tokens: headlineTokens(headline.title, mention) });
    }
  }
  return pairs;
}

async function scorePairs(
  models: ModelClient,
  pairs: readonly Pair[],
): Promise<Map<string, ScoredHeadline[]>> {
  const tokens = pairs.map((pair) => pair.tokens);
  const { rows } = await scoreInBatches(models, 'sentiment', tokens);
  const byStock = new Map<string, ScoredHeadline[]>();
  pairs.forEach(({ headline, tradingsymbol }, index) => {
    const [negative = 0, neutral = 1, positive = 0] = rows[index] ?? [];
    const { title, source, at: publishedAt } = headline;
    const entry = { headline: title, source, publishedAt, negative, neutral, positive };
    byStock.set(tradingsymbol, [...(byStock.get(tradingsymbol) ?? []), entry]);
  });
  return byStock;
}
