// Headlines and views in Postgres. The window is read from here and not from the feeds, since a feed shows
// only its newest items and a restarted worker must still know the night's news.
import type { Pool } from 'pg';
import type { SentimentView } from '../../domain/sentiment';
import { epochMs, type EpochMs } from '../../domain/units';
import type { Headline } from './headlines';
import type { SourceFailure } from './sources';

/** One pass over the news: what was read, and what could not be read. */
export interface NewsReading {
  readonly asOf: EpochMs;
  /** Headlines in the window. */
  readonly headlines: number;
  /** Headline and stock pairs that were scored. */
  readonly scored: number;
  readonly failures: readonly SourceFailure[];
}

/** Stores new headlines. A known headline keeps its first form. */
export async function storeHeadlines(pool: Pool, headlines: readonly Headline[]): Promise<void> {
  if (headlines.length === 0) return;
  await pool.query(
    `insert into headline (guid, published_at, title, source)
     select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) on conflict do nothing`,
    [
      headlines.map(({ guid }) => guid),
      headlines.map(({ at }) => at),
      headlines.map(({ title }) => title),
      headlines.map(({ source }) => source),
    ],
  );
}

/** Most headlines of a window that are read: the newest. */
const windowHeadlinesMax = 5_000;

/** The sources' headlines published in [from, until], newest first. */
export async function readHeadlines(
  pool: Pool,
  sources: readonly string[],
  [from, until]: readonly [number, number],
): Promise<Headline[]> {
  const { rows } = await pool.query<Omit<Headline, 'at'> & { published_at: string }>(
    `select guid, published_at, title, source from headline
     where source = any($1) and published_at between $2 and $3 order by published_at desc, guid limit $4`,
    [sources, from, until, windowHeadlinesMax],
  );
  return rows.map(({ guid, published_at: at, title, source }) => ({
    guid,
    title,
    source,
    at: epochMs(Number(at)),
  }));
}

/** Stores a pass with the view of every stock, all or nothing. */
export async function storeReading(
  pool: Pool,
  account: string,
  { asOf, headlines, scored, failures }: NewsReading,
  views: ReadonlyMap<string, SentimentView>,
): Promise<void> {
  await pool.query(
    `with pass as (insert into news_reading (account, as_of, headlines, scored, failures)
       values ($1, $2, $3, $4, $5) on conflict do nothing)
     insert into sentiment (account, tradingsymbol, as_of, view)
     select $1, stock, $2, view from unnest($6::text[], $7::jsonb[]) as fresh (stock, view) on conflict do nothing`,
    [
      ...[account, asOf, headlines, scored, JSON.stringify(failures), [...views.keys()]],
      [...views.values()].map((view) => JSON.stringify(view)),
    ],
  );
}
