// A day as parity needs it: everything its decisions and risk were given, and what they stored.
import type { Pool } from 'pg';
import type { DecisionConfig, WhyRow } from '../../domain/decision';
import type { RiskAnswer, TradingTerms } from '../../domain/entry';
import { Refused } from '../../domain/errors';
import { candleWindowMs } from '../../domain/indicators';
import type { ScreenedStock } from '../../domain/market/screen';
import type { DayRecord } from '../../domain/parity';
import type { Intent } from '../../domain/position';
import type { SessionDate } from '../../domain/session/calendar';
import { istInstant } from '../../domain/session/sessionClock';
import type { SessionPlan } from '../../domain/session/sessionPlan';
import { epochMs, paise, type EpochMs } from '../../domain/units';
import { heldInSession } from '../ledger/heldInSession';
import { readCandles } from '../marketData/candles';

/** A day of an account, with its first and last instant. */
interface Day {
  readonly account: string;
  readonly date: SessionDate;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

type StoredTerms = Omit<TradingTerms, 'longProduct'> & Partial<TradingTerms>;

async function readSession(
  pool: Pool,
  { account, date }: Day,
): Promise<Pick<DayRecord, 'plan' | 'terms'>> {
  const { rows } = await pool.query<{ plan: SessionPlan; terms: StoredTerms | null }>(
    'select plan, terms from session where account = $1 and date = $2',
    [account, date],
  );
  const [row] = rows;
  if (row === undefined)
    throw new Refused({
      code: 'DAY_UNKNOWN',
      message: `no day ${date} of account ${account} has been opened`,
    });
  const { plan, terms } = row;
  if (terms === null)
    throw new Refused({
      code: 'PARITY_NOT_RECORDED',
      message: `the day ${date} of account ${account} has no record of the limits it was traded under`,
    });
  // Days recorded before the choice existed bought longs intraday.
  return { plan, terms: { ...terms, longProduct: terms.longProduct ?? 'MIS' } };
}

type Judgements = Pick<DayRecord, 'configs' | 'trails' | 'answers'>;

async function readJudgements(pool: Pool, { account, from, until }: Day): Promise<Judgements> {
  const configs = await pool.query<{ bar_at: string; config: DecisionConfig }>(
    'select bar_at, config from decision_config where account = $1 and bar_at < $2 order by bar_at',
    [account, until],
  );
  const trails = await pool.query<Omit<WhyRow, 'barAt'> & { bar_at: string }>(
    `select tradingsymbol, bar_at, action, reason, trail from analysis
     where account = $1 and bar_at >= $2 and bar_at < $3 order by bar_at, tradingsymbol`,
    [account, from, until],
  );
  const answers = await pool.query<Omit<RiskAnswer, 'barAt'> & { bar_at: string }>(
    `select tradingsymbol, bar_at, place, code, reason, numbers, asked from risk_answer
     where account = $1 and bar_at >= $2 and bar_at < $3 and asked is not null order by bar_at, place`,
    [account, from, until],
  );
  const withBar = <T extends { readonly bar_at: string }>({
    bar_at,
    ...row
  }: T): Omit<T, 'bar_at'> & { readonly barAt: EpochMs } => ({
    ...row,
    barAt: epochMs(Number(bar_at)),
  });
  return {
    configs: configs.rows.map(withBar),
    trails: trails.rows.map(withBar),
    answers: answers.rows.map(withBar),
  };
}

async function readTrades(
  pool: Pool,
  { account, date }: Day,
): Promise<Pick<DayRecord, 'intents' | 'carriedIn' | 'netPnl'>> {
  const { rows } = await pool.query<{ terms: Intent; net: string | null }>(
    `select i.terms, r.gross_pnl - r.charges as net from intent i left join position_result r using (intent_id)
     where ${heldInSession} order by i.created_host`,
    [account, date],
  );
  const intents = rows.map(({ terms }) => terms);
  return {
    intents: intents.filter((intent) => intent.date === date),
    carriedIn: intents.filter((intent) => intent.date < date),
    netPnl: new Map(
      rows.flatMap(({ terms, net }) =>
        net === null ? [] : [[terms.intentId, paise(Number(net))] as const],
      ),
    ),
  };
}

/** @throws Refused DAY_UNKNOWN, PARITY_NOT_RECORDED */
export async function dayRecord(
  pool: Pool,
  account: string,
  date: SessionDate,
): Promise<DayRecord> {
  const day: Day = {
    account,
    date,
    from: istInstant(date, '00:00'),
    until: istInstant(date, '23:59'),
  };
  const session = await readSession(pool, day);
  const judgements = await readJudgements(pool, day);
  const stocks = await pool.query<{ stock: ScreenedStock }>(
    'select stock from screening where account = $1 and date = $2 and watched order by rank',
    [account, date],
  );
  const names = new Set([
    ...stocks.rows.map(({ stock }) => stock.tradingsymbol),
    ...judgements.trails.map(({ tradingsymbol }) => tradingsymbol),
  ]);
  const candles = await readCandles(
    pool,
    [...names],
    epochMs(day.from - candleWindowMs),
    day.until,
  );
  return {
    account,
    date,
    ...session,
    ...judgements,
    candles,
    stocks: stocks.rows.map(({ stock }) => stock),
    ...(await readTrades(pool, day)),
  };
}
