// Compares the candles made from ticks with the broker's own, and stores the result for the day's report.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { BrokerReader } from '../../broker/port';
import type { Candle } from '../../domain/market/candle';
import { compareCandles } from '../../domain/market/candleComparison';
import { isMissing, type Holes } from '../../domain/market/feedCoverage';
import { dayOf, type TradingCalendar } from '../../domain/session/calendar';
import { isTrading, sessionClock, type TradingSpan } from '../../domain/session/sessionClock';
import type { SessionPlan } from '../../domain/session/sessionPlan';
import { epochMs } from '../../domain/units';
import { readSourcedCandles } from './candles';
import { readHoles, readPromise, type AccountDay } from './coverage';

export interface StockDay extends AccountDay {
  readonly tradingsymbol: string;
}

/** Compares the stored candles of a span with the broker's. Minutes that are missing or were filled are left out. */
export async function compareStored(
  pool: Pool,
  { account, date, tradingsymbol }: StockDay,
  {
    span,
    history,
    holes = [],
  }: {
    readonly span: TradingSpan;
    readonly history: readonly Candle[];
    readonly holes?: Holes;
  },
): Promise<void> {
  const stored = await readSourcedCandles(pool, tradingsymbol, span);
  const filled = new Set(
    stored.filter(({ fromHistory }) => fromHistory).map(({ candle }) => candle.at),
  );
  const counts = ({ at }: Candle): boolean =>
    at >= span.from && at < span.until && !filled.has(at) && !isMissing(holes, at);
  const { minutes, differences } = compareCandles(
    stored.map(({ candle }) => candle).filter(counts),
    history.filter(counts),
  );
  await pool.query(
    `insert into candle_comparison (account, date, tradingsymbol, minutes, differences) values ($1, $2, $3, $4, $5)
     on conflict (account, date, tradingsymbol) do update set minutes = excluded.minutes, differences = excluded.differences`,
    [account, date, tradingsymbol, minutes, JSON.stringify(differences)],
  );
}

export interface DayComparison {
  readonly pool: Pool;
  readonly broker: Pick<BrokerReader, 'history' | 'capabilities'>;
  readonly calendar: TradingCalendar;
}

/** How long the end of a day may wait for the comparison, host milliseconds: on a clock faster than the host's, little. */
const budgetMs = { real: 60_000, fast: 1_000 };

/** Compares the day's stocks, traded ones first, as many as there is time for. */
export async function compareDay(
  { pool, broker, calendar }: DayComparison,
  { account, date }: AccountDay,
): Promise<void> {
  const { rows } = await pool.query<{ tradingsymbol: string; token: string; plan: SessionPlan }>(
    `select c.tradingsymbol, s.stock->>'instrumentToken' as token, d.plan
     from candle_coverage c join screening s using (account, date, tradingsymbol) join session d using (account, date)
     where account = $1 and date = $2
     order by exists (select from intent i where i.account = $1 and i.date = $2 and i.tradingsymbol = c.tradingsymbol) desc, s.rank`,
    [account, date],
  );
  const clock = sessionClock(dayOf(date, calendar), true);
  // The last minute of all is not promised when nothing ticks after it.
  const until = Math.min(clock.continuousEnd, await readPromise(pool, account));
  const span = { from: clock.open, until: epochMs(Math.max(clock.open, until)) };
  const holes = await readHoles(pool, { account, date });
  const isFast = rows[0] !== undefined && rows[0].plan.clock.speed > 1;
  const end = Date.now() + (isFast ? budgetMs.fast : budgetMs.real);
  for (const { tradingsymbol, token } of rows) {
    if (Date.now() > end) return;
    const started = Date.now();
    const history = await broker.history({
      instrumentToken: Number(token),
      from: span.from,
      to: epochMs(Math.max(span.from, span.until - 1)),
    });
    await compareStored(
      pool,
      { account, date, tradingsymbol },
      {
        span,
        history: history.filter(({ at }) => isTrading(clock, at)),
        holes: holes.get(tradingsymbol) ?? [],
      },
    );
    await sleep(Math.max(0, started + broker.capabilities.reads.historyEveryMs - Date.now()));
  }
}
