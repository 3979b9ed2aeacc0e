// What the day knew of the news: every stock's views beside its price, and what could not be read. A span
// without views is a fact too, since the day counted those stocks as neutral.
import type { Pool } from 'pg';
import { sentimentAgeMaxMs, type SentimentView } from '../../domain/sentiment/view';
import { istInstant, type TradingSpan } from '../../domain/session/sessionClock';
import { marketTime, sessionsOf, type SessionPlan } from '../../domain/session/sessionPlan';
import { epochMs, paise, type EpochMs, type Paise } from '../../domain/units';

/** A stock that was in the news. */
export interface StockNews {
  readonly tradingsymbol: string;
  readonly views: readonly Pick<SentimentView, 'asOf' | 'score' | 'confidence'>[];
  /** The items that weighed most, newest first, each once. */
  readonly evidence: readonly { readonly at: EpochMs; readonly words: string }[];
  readonly prices: readonly { readonly at: EpochMs; readonly close: Paise }[];
}

/** A source, or the model, with the passes in which it failed. */
export interface NewsFailure {
  readonly source: string;
  readonly times: number;
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** The reason of the newest failure. */
  readonly why: string;
}

export interface NewsFacts {
  readonly passes: number;
  readonly failures: readonly NewsFailure[];
  /** Spans of the session that were longer without a pass than a view counts. */
  readonly stale: readonly { readonly from: EpochMs; readonly until: EpochMs }[];
  readonly stocks: readonly StockNews[];
  readonly withoutNews: readonly string[];
}

interface PassRow {
  readonly as_of: string;
  readonly failures: readonly { readonly source: string; readonly why: string }[];
}

interface ViewRow {
  readonly tradingsymbol: string;
  readonly view: SentimentView;
}

const evidenceMax = 5;

export async function newsFacts(
  pool: Pool,
  account: string,
  plan: SessionPlan,
): Promise<NewsFacts> {
  const { date, clock } = plan;
  const day = [istInstant(date, '00:00'), istInstant(date, '23:59')];
  const { rows: passes } = await pool.query<PassRow>(
    'select as_of, failures from news_reading where account = $1 and as_of between $2 and $3 order by as_of',
    [account, ...day],
  );
  const { rows: views } = await pool.query<ViewRow>(
    'select tradingsymbol, view from sentiment where account = $1 and as_of between $2 and $3 order by tradingsymbol, as_of',
    [account, ...day],
  );
  const byStock = groupedBy(views, ({ tradingsymbol }) => tradingsymbol);
  const told = [...byStock].filter(([, rows]) => rows.some(({ view }) => view.itemCount > 0));
  const inNews = told.map(([tradingsymbol]) => tradingsymbol);
  const prices = await pricesOf(pool, inNews, day);
  return {
    passes: passes.length,
    failures: failuresOf(passes),
    stale: staleSpans(
      passes.map((pass) => Number(pass.as_of)),
      sessionsOf(plan).map(({ from, until }) => ({
        from: marketTime(clock, from),
        until: marketTime(clock, until),
      })),
    ),
    stocks: told.map(([tradingsymbol, rows]) => ({
      tradingsymbol,
      views: rows.map(({ view: { asOf, score, confidence } }) => ({ asOf, score, confidence })),
      evidence: evidenceOf(rows),
      prices: prices.get(tradingsymbol) ?? [],
    })),
    withoutNews: [...byStock.keys()].filter((stock) => !inNews.includes(stock)),
  };
}

function groupedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** The close of every fifth minute, enough for a chart of a day. */
async function pricesOf(
  pool: Pool,
  stocks: readonly string[],
  day: readonly number[],
): Promise<Map<string, StockNews['prices']>> {
  const { rows } = await pool.query<{ tradingsymbol: string; at: string; close: string }>(
    `select tradingsymbol, at, close from candle
     where tradingsymbol = any($1) and at between $2 and $3 and at % 300000 = 240000 order by at`,
    [stocks, ...day],
  );
  const points = rows.map(({ tradingsymbol, at, close }) => ({
    tradingsymbol,
    point: { at: epochMs(Number(at)), close: paise(Number(close)) },
  }));
  const byStock = groupedBy(points, ({ tradingsymbol }) => tradingsymbol);
  return new Map([...byStock].map(([stock, found]) => [stock, found.map(({ point }) => point)]));
}

function evidenceOf(rows: readonly ViewRow[]): StockNews['evidence'] {
  const firstTold = new Map<string, EpochMs>();
  for (const { view } of rows)
    for (const words of view.evidence) if (!firstTold.has(words)) firstTold.set(words, view.asOf);
  return [...firstTold]
    .map(([words, at]) => ({ at, words }))
    .toSorted((a, b) => b.at - a.at)
    .slice(0, evidenceMax);
}

function failuresOf(passes: readonly PassRow[]): NewsFailure[] {
  const failed = passes.flatMap(({ as_of: at, failures }) =>
    failures.map(({ source, why }) => ({ source, why, at: epochMs(Number(at)) })),
  );
  return [...groupedBy(failed, ({ source }) => source)].map(([source, times]) => ({
    source,
    times: times.length,
    first: times[0]?.at ?? epochMs(0),
    last: times.at(-1)?.at ?? epochMs(0),
    why: times.at(-1)?.why ?? '',
  }));
}

/** @param passes instants, ascending. @param sessions of the day, market clock. */
export function staleSpans(
  passes: readonly number[],
  sessions: readonly TradingSpan[],
): NewsFacts['stale'] {
  const bounds = [-Infinity, ...passes, Infinity];
  return sessions.flatMap((session) =>
    bounds.slice(1).flatMap((next, index) => {
      const from = Math.max(session.from, (bounds[index] ?? -Infinity) + sentimentAgeMaxMs);
      const until = Math.min(session.until, next);
      return from < until ? [{ from: epochMs(from), until: epochMs(until) }] : [];
    }),
  );
}
