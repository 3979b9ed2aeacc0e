// Steps 1 to 7 of the day (docs/trading-day.md), as activities: they read many rows, and the workflow gets
// the few results it needs.
import type { Pool } from 'pg';
import type { BrokerReader } from '../../broker/port';
import {
  analyseBars,
  closedBars,
  decide,
  judgedRow,
  requireWholeBars,
  signalFeatures,
  unjudgedRow,
  type DecisionConfig,
  type ModelAnswer,
  type StockAnalysis,
} from '../../domain/decision';
import { candidatesOf, type Candidate, type TradingTerms } from '../../domain/entry';
import { Refused } from '../../domain/errors';
import type { Mode } from '../../domain/live/mode';
import type { InstallationId } from '../../domain/position';
import { scoreKeyOf, signalModel } from '../../domain/rollout/tradeOutcome';
import { candleWindowMs } from '../../domain/indicators';
import { cappedCapital, noCaps } from '../../domain/risk';
import { watchedStocks, type ScreenedStock } from '../../domain/market/screen';
import {
  neutralSentiment,
  sentimentAgeMaxMs,
  type SentimentView,
} from '../../domain/sentiment/view';
import {
  dayKind,
  listEndingSoon,
  requireTradingDay,
  type DayKind,
  type SessionDate,
  type TradingCalendar,
} from '../../domain/session/calendar';
import { brokenIn, type BrokenStrategy, type SeenStock, type Voters } from '../../domain/strategy';
import { planSession, type MarketClock, type SessionPlan } from '../../domain/session/sessionPlan';
import { epochMs, paise, type EpochMs, type Paise } from '../../domain/units';
import { latestHalt } from '../ledger/halts';
import type { ModelClient } from '../models';
import { candlesComplete, latestPrices, readCandles } from './candles';
import { readHoles, type AccountDay } from './coverage';
import { storeConfig, storeWhyRows } from './whyRecords';
import { screenStocks, storeScreening, type ScreenerConfig } from './screener';
import { ownVotesOn } from '../../infra/strategies/asked';

export interface DayDependencies {
  readonly broker: BrokerReader;
  readonly pool: Pool;
  readonly calendar: TradingCalendar;
  readonly mode: Mode;
  readonly models: ModelClient;
  /** Ours; in the tag of every order. */
  readonly installation: InstallationId;
  /** The market's clock: live it is the host's, on paper the exchange's. */
  readonly marketClock: () => Promise<MarketClock>;
  readonly screener: ScreenerConfig;
  readonly decision: DecisionConfig;
  /** The user's own strategies, which `decision` names. */
  readonly voters: Voters;
}

/** The result of pre-flight. */
export interface OpenedSession {
  readonly plan: SessionPlan;
  readonly cash: Paise;
  /** The part of it that the day may work with; absent of days opened before there were caps. */
  readonly capital?: Paise;
  /** How often the broker lets one order be modified; null: without limit. */
  readonly modificationsMax: number | null;
  /** The kill switch is on. */
  readonly entriesHalted: boolean;
  /** The last date of a list of holidays that ends within 30 days; absent of days opened before it was asked. */
  readonly calendarEnds?: SessionDate | null;
  /** Absent of days opened before it was told. */
  readonly mode?: Mode;
}

export interface AnalysedBar {
  /** false: the feed had not delivered the bar, and no entry is made on it. */
  readonly fresh: boolean;
  readonly candidates: readonly Candidate[];
  readonly skipped: number;
  /** Strategies of the user's that failed; absent where none did. */
  readonly broken?: readonly BrokenStrategy[];
}

export interface DayActivities {
  /** By the worker's calendar, which may know more than the schedule did when it was made. */
  dayKind(date: SessionDate): Promise<DayKind>;
  openSession(account: string, date: SessionDate, terms: TradingTerms): Promise<OpenedSession>;
  screen(account: string, date: SessionDate): Promise<readonly ScreenedStock[]>;
  analyseBar(request: {
    account: string;
    date: SessionDate;
    barEnd: EpochMs;
    stocks: readonly string[];
  }): Promise<AnalysedBar>;
}

/** How long to wait for a bar's last candle, host milliseconds. */
const feedDeadlineMs = 8_000;

export function createDayActivities(dependencies: DayDependencies): DayActivities {
  const { calendar } = dependencies;
  return {
    dayKind: (date) => Promise.resolve(dayKind(date, calendar)),
    openSession: (account, date, terms) => openSession(dependencies, { account, date, terms }),
    screen: async (account, date) => {
      requireTradingDay(date, calendar);
      const rows = await screenStocks(dependencies, date);
      await storeScreening(dependencies.pool, { account, date }, rows);
      const stocks = watchedStocks(rows);
      await watch(dependencies.pool, { account, date }, stocks);
      return stocks;
    },
    analyseBar: (request) => analyseBar(dependencies, request),
  };
}

async function openSession(
  { broker, pool, calendar, mode, marketClock, installation }: DayDependencies,
  {
    account,
    date,
    terms,
  }: { readonly account: string; readonly date: SessionDate; readonly terms: TradingTerms },
): Promise<OpenedSession> {
  requireTradingDay(date, calendar);
  const plan = { ...planSession(date, await marketClock(), calendar), installation };
  const funds = await broker.funds();
  const { caps = noCaps } = terms;
  const capital = cappedCapital(funds.cash, caps);
  // Of a day that is opened again, the first funds stay: what has moved since is compared with them.
  await pool.query(
    `insert into session (account, date, plan, terms, capital, day_loss_max, funds) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (account, date) do update set plan = excluded.plan, terms = excluded.terms,
       capital = excluded.capital, day_loss_max = excluded.day_loss_max, funds = coalesce(session.funds, excluded.funds)`,
    [account, date, plan, terms, capital, caps.dayLossMax, funds],
  );
  const { halted: entriesHalted } = await latestHalt(pool, account);
  return {
    plan,
    cash: funds.cash,
    capital,
    modificationsMax: broker.capabilities.modificationsMax,
    entriesHalted,
    calendarEnds: listEndingSoon(date, calendar),
    mode,
  };
}

async function watch(
  pool: Pool,
  { account, date }: AccountDay,
  stocks: readonly ScreenedStock[],
): Promise<void> {
  // Of a stock that is left out now and comes back later the feed knows nothing.
  await pool.query(
    'delete from candle_coverage where account = $1 and date = $2 and tradingsymbol <> all($3::text[])',
    [account, date, stocks.map(({ tradingsymbol }) => tradingsymbol)],
  );
  await pool.query('delete from watch where account = $1', [account]);
  for (const { instrumentToken, tradingsymbol } of stocks) {
    await pool.query(
      'insert into watch (account, instrument_token, tradingsymbol) values ($1, $2, $3)',
      [account, instrumentToken, tradingsymbol],
    );
  }
  await pool.query(`select pg_notify('watch', $1)`, [account]);
}

type BarRequest = Parameters<DayActivities['analyseBar']>[0];

async function analyseBar(
  dependencies: DayDependencies,
  { account, date, barEnd, stocks }: BarRequest,
): Promise<AnalysedBar> {
  const { pool, decision: config } = dependencies;
  if (!(await candlesComplete(pool, account, barEnd, feedDeadlineMs)))
    return { fresh: false, candidates: [], skipped: 0 };
  // Before the candles: a hole that is filled in between is still one for this bar.
  const holes = await readHoles(pool, { account, date });
  const candles = await readCandles(pool, stocks, epochMs(barEnd - candleWindowMs), barEnd);
  const sentiments = await latestSentiment(pool, account, stocks, barEnd);
  const unjudged: { tradingsymbol: string; error: Refused }[] = [];
  const seen = stocks.flatMap((tradingsymbol): SeenStock[] => {
    const instrument = { tradingsymbol };
    const news = sentiments.get(tradingsymbol) ?? neutralSentiment(barEnd);
    try {
      requireWholeBars(tradingsymbol, holes.get(tradingsymbol), barEnd);
      const known = candles.get(tradingsymbol) ?? [];
      return [
        { tradingsymbol, bars: closedBars({ instrument, candles: known, barEnd, config }), news },
      ];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      unjudged.push({ tradingsymbol, error });
      return [];
    }
  });
  const votes = await ownVotesOn(dependencies.voters, seen);
  const judged = seen.flatMap(({ tradingsymbol, bars, news: sentiment }) => {
    const instrument = { tradingsymbol };
    const ownVotes = votes.get(tradingsymbol) ?? [];
    try {
      return [
        { analysis: analyseBars(bars, { instrument, sentiment, config, ownVotes }), sentiment },
      ];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      unjudged.push({ tradingsymbol, error });
      return [];
    }
  });
  const decisions = await Promise.all(
    judged.map(async ({ analysis, sentiment }) => {
      const key = scoreKeyOf(account, analysis.tradingsymbol, barEnd);
      const model = await probabilitiesOf(dependencies.models, analysis, key);
      return {
        analysis,
        sentiment,
        model,
        decision: decide({ analysis, sentiment, ...model, config }),
      };
    }),
  );
  const barAt = epochMs(barEnd - config.barMinutes * 60_000);
  await storeConfig(pool, { account, barAt, config });
  await storeWhyRows(pool, account, [
    ...decisions.map(judgedRow),
    ...unjudged.map(({ tradingsymbol, error }) => unjudgedRow(tradingsymbol, barAt, error)),
  ]);
  const prices = await latestPrices(pool, stocks, barEnd);
  const closeOf = (stock: string): Paise => candles.get(stock)?.at(-1)?.close ?? paise(0);
  const candidates = candidatesOf(
    decisions.map((one) => ({ ...one, close: closeOf(one.decision.tradingsymbol) })),
    (stock) => prices.get(stock),
  );
  const skipped = decisions.length - candidates.length;
  const broken = brokenIn(votes);
  return { fresh: true, candidates, skipped, ...(broken.length > 0 && { broken }) };
}

const absent: ModelAnswer = { probabilityLong: null, probabilityShort: null, version: null };

/** The signal-quality model's answers. Without them the configuration decides what happens. */
async function probabilitiesOf(
  models: ModelClient,
  { snapshot, recent }: StockAnalysis,
  key: string,
): Promise<ModelAnswer> {
  const rows = [
    signalFeatures(snapshot, recent, 'LONG'),
    signalFeatures(snapshot, recent, 'SHORT'),
  ];
  try {
    const scores = await models.score(signalModel, rows, key);
    return {
      probabilityLong: scores.rows[0]?.at(-1) ?? null,
      probabilityShort: scores.rows[1]?.at(-1) ?? null,
      version: scores.version,
      ...(scores.outcomeWanted === true && { outcomeKey: key }),
    };
  } catch {
    return absent;
  }
}

async function latestSentiment(
  pool: Pool,
  account: string,
  stocks: readonly string[],
  now: EpochMs,
): Promise<Map<string, SentimentView>> {
  const { rows } = await pool.query<{ tradingsymbol: string; view: SentimentView }>(
    `select distinct on (tradingsymbol) tradingsymbol, view from sentiment
     where account = $1 and tradingsymbol = any($2) and as_of > $3 order by tradingsymbol, as_of desc`,
    [account, stocks, now - sentimentAgeMaxMs],
  );
  return new Map(rows.map(({ tradingsymbol, view }) => [tradingsymbol, view]));
}
