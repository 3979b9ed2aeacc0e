// The facts of a day, read from our records: trades with their levels, the ledger's balances, decisions
// and alerts. Instants are the market's, so a compressed day reads like a day.
import type { Pool } from 'pg';
import type { Intent, PositionView } from '../../domain/position';
import { istInstant } from '../../domain/session/sessionClock';
import { hostTime, marketTime, type SessionPlan } from '../../domain/session/sessionPlan';
import { epochMs, paise, type EpochMs, type Paise } from '../../domain/units';
import { ledgerBalances } from '../ledger/portfolio';
import { readCandles } from '../marketData/candles';
import { newsFacts, type NewsFacts } from './newsFacts';
import type { Candle } from '../../domain/market/candle';

/** One position from entry to exit. */
export interface TradeFacts {
  readonly intent: Intent;
  readonly view: PositionView;
  readonly grossPnl: Paise;
  readonly charges: Paise;
  readonly netPnl: Paise;
  readonly fills: readonly {
    readonly at: EpochMs;
    readonly side: string;
    readonly quantity: number;
    readonly price: Paise;
  }[];
  readonly levels: readonly {
    readonly at: EpochMs;
    readonly stop: Paise;
    readonly target: Paise;
  }[];
  readonly candles: readonly Candle[];
}

export interface DayFacts {
  readonly account: string;
  readonly date: string;
  readonly trades: readonly TradeFacts[];
  readonly grossPnl: Paise;
  readonly charges: Paise;
  readonly netPnl: Paise;
  readonly openingCash: Paise;
  readonly closingCash: Paise;
  /** Sum over every ledger entry; zero or the books are wrong. */
  readonly ledgerSum: Paise;
  readonly decisions: Readonly<Record<string, number>>;
  readonly alerts: readonly {
    readonly id: string;
    readonly type: string;
    readonly delivered: boolean;
  }[];
  readonly news: NewsFacts;
}

interface ResultRow {
  readonly terms: Intent;
  readonly view: PositionView;
  readonly gross_pnl: string;
  readonly charges: string;
  readonly intent_id: string;
}

const sum = (values: readonly number[]): Paise =>
  paise(values.reduce((total, value) => total + value, 0));

/** @throws Error when no such day has been opened. */
export async function dayFacts(pool: Pool, account: string, date: string): Promise<DayFacts> {
  const session = await pool.query<{ plan: SessionPlan }>(
    'select plan from session where account = $1 and date = $2',
    [account, date],
  );
  const plan = session.rows[0]?.plan;
  if (plan === undefined) throw new Error(`no day ${date} of account ${account} has been opened`);
  const { rows } = await pool.query<ResultRow>(
    `select i.terms, i.intent_id, r.view, r.gross_pnl, r.charges from position_result r join intent i using (intent_id)
     where i.account = $1 and r.date = $2 and (r.view->>'entryPrice')::bigint > 0 order by i.created_host`,
    [account, date],
  );
  const trades = await Promise.all(rows.map((row) => tradeFacts(pool, plan, row)));
  const balances = await ledgerBalances(pool, account, date);
  const decisions = await pool.query<{ action: string; count: string }>(
    'select action, count(*) from analysis where account = $1 and bar_at >= $2 and bar_at < $3 group by action',
    [account, istInstant(date, '00:00'), istInstant(date, '23:59')],
  );
  const alerts = await dayAlerts(pool, { account, date, plan });
  return {
    ...{ account, date, trades },
    grossPnl: sum(trades.map((trade) => trade.grossPnl)),
    charges: sum(trades.map((trade) => trade.charges)),
    netPnl: sum(trades.map((trade) => trade.netPnl)),
    openingCash: balances.openingCash,
    closingCash: balances.cash,
    ledgerSum: balances.sum,
    news: await newsFacts(pool, account, date),
    decisions: Object.fromEntries(decisions.rows.map((row) => [row.action, Number(row.count)])),
    alerts,
  };
}

/**
 * The day's own alerts and its positions', which may come late, by their ids; those of anything else by when
 * they were raised.
 */
async function dayAlerts(
  pool: Pool,
  { account, date, plan }: { account: string; date: string; plan: SessionPlan },
): Promise<DayFacts['alerts']> {
  const host = (time: string): EpochMs => hostTime(plan.clock, istInstant(date, time));
  const { rows } = await pool.query<{ id: string; type: string; delivered_host: string | null }>(
    `select id, type, delivered_host from alert where account = $1 and
       (starts_with(id, $2) or starts_with(id, $3) or
        (id not like 'day-%' and id not like 'position-%' and raised_host >= $4 and raised_host < $5))
     order by raised_host`,
    [
      ...[account, `day-${account}-${date}`, `position-${account}-${intentIdStart(date)}`],
      ...[host('00:00'), host('23:59')],
    ],
  );
  return rows.map(({ id, type, delivered_host }) => ({
    ...{ id, type },
    delivered: delivered_host !== null,
  }));
}

/** Every intent of the date has an id that begins so. */
const intentIdStart = (date: string): string => `R${date.slice(2).replaceAll('-', '')}`;

async function tradeFacts(pool: Pool, plan: SessionPlan, row: ResultRow): Promise<TradeFacts> {
  const fills = await pool.query<{ at: string; side: string; quantity: string; price: string }>(
    'select at, side, quantity, price from fill where intent_id = $1 order by at',
    [row.intent_id],
  );
  const levels = await pool.query<{ host: string; stop: string; target: string }>(
    'select host, stop, target from level_change where intent_id = $1 order by host',
    [row.intent_id],
  );
  const grossPnl = paise(Number(row.gross_pnl));
  const charges = paise(Number(row.charges));
  const first = Number(fills.rows[0]?.at ?? 0);
  const last = Number(fills.rows.at(-1)?.at ?? 0);
  const stock = row.terms.instrument.tradingsymbol;
  const margin = 15 * 60_000;
  const candles = await readCandles(pool, [stock], epochMs(first - margin), epochMs(last + margin));
  return {
    intent: row.terms,
    view: row.view,
    grossPnl,
    charges,
    netPnl: paise(grossPnl - charges),
    fills: fills.rows.map((fill) => ({
      at: epochMs(Number(fill.at)),
      side: fill.side,
      quantity: Number(fill.quantity),
      price: paise(Number(fill.price)),
    })),
    levels: levels.rows.map((level) => ({
      at: marketTime(plan.clock, epochMs(Number(level.host))),
      stop: paise(Number(level.stop)),
      target: paise(Number(level.target)),
    })),
    candles: candles.get(stock) ?? [],
  };
}
