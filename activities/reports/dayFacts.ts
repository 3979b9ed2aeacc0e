// The facts of a day, from our records: trades with their levels, what is held over the night, the ledger's
// balances, decisions and alerts. Instants are on the market's clock, so a compressed day reads like a day.
import type { Pool } from 'pg';
import type { AuditHead } from '../../domain/audit/verdict';
import type { EndOfDay } from '../../domain/endOfDay';
import type { Mode } from '../../domain/live/mode';
import type { Intent, PositionView } from '../../domain/position';
import { istInstant } from '../../domain/session/sessionClock';
import type { StrategyInUse } from '../../domain/strategy';
import { epochMs, paise, type EpochMs, type Paise } from '../../domain/units';
import { auditHeads } from '../ledger/auditChain';
import { readEndOfDay } from '../ledger/endOfDay';
import { recordedMode } from '../ledger/accountMode';
import { ledgerBalances } from '../ledger/portfolio';
import { readCandles } from '../marketData/candles';
import { feedFacts, type FeedFacts } from './feedFacts';
import { newsFacts, type NewsFacts } from './newsFacts';
import { strategiesUsed } from './strategiesUsed';
import { hostSpan, marketTimeIn, sessionsOf, type KnownSession } from './sessions';
import type { Candle } from '../../domain/market/candle';

/** A position and what it did until the end of the day. */
export interface PositionFacts {
  readonly intent: Intent;
  readonly view: PositionView;
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

/** One position from entry to exit. Its money is that of all its sessions. */
export interface TradeFacts extends PositionFacts {
  readonly grossPnl: Paise;
  readonly charges: Paise;
  readonly netPnl: Paise;
}

export interface DayFacts {
  /** null where it is not recorded. */
  readonly mode: Mode | null;
  readonly account: string;
  readonly date: string;
  /** Trades closed in this session. */
  readonly trades: readonly TradeFacts[];
  /** Positions handed on to the next session. */
  readonly carried: readonly PositionFacts[];
  /** Profit of what was closed, before charges. */
  readonly grossPnl: Paise;
  /** Charges of everything executed in this session, closed or carried. */
  readonly charges: Paise;
  readonly netPnl: Paise;
  readonly openingCash: Paise;
  readonly closingCash: Paise;
  /** Sum over every ledger entry. Any other value than zero means the ledger is wrong. */
  readonly ledgerSum: Paise;
  /** Against the broker; null where nothing was executed, or nothing was compared. */
  readonly endOfDay: EndOfDay | null;
  readonly decisions: Readonly<Record<string, number>>;
  /** The user's own strategies that voted. */
  readonly strategies: readonly StrategyInUse[];
  readonly alerts: readonly {
    readonly id: string;
    readonly type: string;
    readonly delivered: boolean;
  }[];
  readonly news: NewsFacts;
  readonly feed: FeedFacts;
  /** Up to where the audit chain had sealed the records when these facts were read. */
  readonly audit: readonly AuditHead[];
}

interface PositionRow {
  readonly terms: Intent;
  readonly view: PositionView;
}

interface ResultRow extends PositionRow {
  readonly gross_pnl: string;
  readonly charges: string;
}

const sum = (values: readonly number[]): Paise =>
  paise(values.reduce((total, value) => total + value, 0));

/** A day with the sessions around it. */
interface Day extends KnownSession {
  readonly account: string;
  readonly sessions: readonly KnownSession[];
}

/** @throws Error when no such day has been opened. */
export async function dayFacts(pool: Pool, account: string, date: string): Promise<DayFacts> {
  const sessions = await sessionsOf(pool, account);
  const session = sessions.find((one) => one.date === date);
  if (session === undefined)
    throw new Error(`no day ${date} of account ${account} has been opened`);
  const day: Day = { ...session, account, sessions };
  const trades = await tradesOf(pool, day);
  const balances = await ledgerBalances(pool, account, date);
  const decisions = await pool.query<{ action: string; count: string }>(
    'select action, count(*) from analysis where account = $1 and bar_at >= $2 and bar_at < $3 group by action',
    [account, istInstant(date, '00:00'), istInstant(date, '23:59')],
  );
  const grossPnl = sum(trades.map((trade) => trade.grossPnl));
  return {
    mode: await recordedMode(pool, account),
    account,
    date,
    trades,
    grossPnl,
    carried: await carriedOf(pool, day),
    charges: balances.charges,
    netPnl: paise(grossPnl - balances.charges),
    openingCash: balances.openingCash,
    closingCash: balances.cash,
    ledgerSum: balances.sum,
    endOfDay: await readEndOfDay(pool, account, date),
    news: await newsFacts(pool, account, session.plan),
    feed: await feedFacts(pool, { account, date }),
    decisions: Object.fromEntries(decisions.rows.map((row) => [row.action, Number(row.count)])),
    strategies: await strategiesUsed(pool, account, date),
    alerts: await dayAlerts(pool, day),
    audit: await auditHeads(pool, account),
  };
}

async function tradesOf(pool: Pool, day: Day): Promise<readonly TradeFacts[]> {
  const { rows } = await pool.query<ResultRow>(
    `select i.terms, r.view, r.gross_pnl, r.charges from position_result r join intent i using (intent_id)
     where i.account = $1 and r.date = $2 and (r.view->>'entryPrice')::bigint > 0 order by i.created_host`,
    [day.account, day.date],
  );
  return Promise.all(
    rows.map(async (row) => {
      const [grossPnl, charges] = [paise(Number(row.gross_pnl)), paise(Number(row.charges))];
      const netPnl = paise(grossPnl - charges);
      return { ...(await positionFacts(pool, day, row)), grossPnl, charges, netPnl };
    }),
  );
}

async function carriedOf(pool: Pool, day: Day): Promise<readonly PositionFacts[]> {
  const { rows } = await pool.query<PositionRow>(
    `select i.terms, c.view from carried c join intent i using (intent_id)
     where i.account = $1 and c.date = $2 order by i.created_host`,
    [day.account, day.date],
  );
  return Promise.all(rows.map((row) => positionFacts(pool, day, row)));
}

/**
 * Alerts of the day. Its own and those of its positions, which may come late, are found by their ids. Others,
 * and those of positions carried into it, are found by when they were raised.
 */
async function dayAlerts(
  pool: Pool,
  { account, date, sessions, plan }: Day,
): Promise<DayFacts['alerts']> {
  const span = hostSpan(sessions, { date, plan });
  const next = sessions.find((one) => one.date > date)?.plan.clock.hostAt;
  const { rows } = await pool.query<{ id: string; type: string; delivered_host: string | null }>(
    `select id, type, delivered_host from alert where account = $1 and
       (starts_with(id, $2) or (starts_with(id, $3) and ($6::bigint is null or raised_host < $6)) or
        (id not like 'day-%' and not starts_with(id, $3) and raised_host >= $4 and raised_host < $5))
     order by raised_host`,
    [
      ...[account, `day-${account}-${date}`, `position-${account}-${intentIdStart(date)}`],
      ...[span.from, span.until, next],
    ],
  );
  return rows.map(({ id, type, delivered_host }) => ({
    id,
    type,
    delivered: delivered_host !== null,
  }));
}

/** The beginning of every intent id of the date. */
const intentIdStart = (date: string): string => `R${date.slice(2).replaceAll('-', '')}`;

async function positionFacts(
  pool: Pool,
  { sessions, date, plan }: Day,
  { terms: intent, view }: PositionRow,
): Promise<PositionFacts> {
  const fills = await pool.query<{ at: string; side: string; quantity: string; price: string }>(
    'select at, side, quantity, price from fill where intent_id = $1 and at < $2 order by at',
    [intent.intentId, istInstant(date, '23:59')],
  );
  const levels = await pool.query<{ host: string; stop: string; target: string }>(
    'select host, stop, target from level_change where intent_id = $1 and host < $2 order by host',
    [intent.intentId, hostSpan(sessions, { date, plan }).until],
  );
  const own = sessions.filter((one) => one.date >= intent.date && one.date <= date);
  const first = Number(fills.rows[0]?.at ?? 0);
  const last = Number(fills.rows.at(-1)?.at ?? 0);
  const stock = intent.instrument.tradingsymbol;
  const margin = 15 * 60_000;
  const candles = await readCandles(pool, [stock], epochMs(first - margin), epochMs(last + margin));
  return {
    intent,
    view,
    fills: fills.rows.map((fill) => ({
      at: epochMs(Number(fill.at)),
      side: fill.side,
      quantity: Number(fill.quantity),
      price: paise(Number(fill.price)),
    })),
    levels: levels.rows.map((level) => ({
      at: marketTimeIn(own, epochMs(Number(level.host))),
      stop: paise(Number(level.stop)),
      target: paise(Number(level.target)),
    })),
    candles: candles.get(stock) ?? [],
  };
}
