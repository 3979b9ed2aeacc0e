// Backtest: recorded days through the code that trades live, in one process, without Temporal, Postgres or a
// network. Each day starts with the same capital, so days can be compared and added.
import { figuresOf } from './measures';
import { positionTiming } from '../domain/position';
import type { DecisionConfig } from '../domain/decision';
import { Refused } from '../domain/errors';
import { warmUpSessions } from '../domain/indicators';
import type { Candle } from '../domain/market/candle';
import { scaleRefusal } from '../domain/market/scaleChange';
import {
  screenByHistory,
  screenByQuote,
  watchedStocks,
  type ScreenRow,
  type ScreenedStock,
} from '../domain/market/screen';
import { stockHistory } from '../domain/market/stockHistory';
import { dayOf, sessionsBefore } from '../domain/session/calendar';
import { readCalendar } from '../infra/config/sections/calendar';
import { istDate, istInstant } from '../domain/session/sessionClock';
import { planSession } from '../domain/session/sessionPlan';
import type { Voters } from '../domain/strategy';
import type { Paise } from '../domain/units';
import type { RatchetConfig } from '../infra/config/config';
import type { RecordedDate } from '../exchange/market/recordedDates';
import { chanceFor } from '../exchange/market/chance';
import type { Listing } from '../exchange/market/listing';
import type { MarketSource } from '../exchange/market/source';
import { isWholeDay } from './dayChoice';
import { dayReport, type DayReport, type LeftOutStock, type LotRun } from './dayReport';
import { decidedEntries } from './entryPlan';
import { judgeDay, type JudgedDay } from './judgedDay';
import { randomEntries } from './randomEntries';
import { recordDay, screenable, type RecordedDay } from './recordedDay';
import type { SignalModel } from './signalModel';
import { tradeDay, type DayTerms } from './tradedDay';

export { attributions, type Share } from './attribution';
export { chooseDays, requireWholeSession, type DayFlags } from './dayChoice';
export type { DayReport, IndexMove, LeftOutStock, LotReport } from './dayReport';
export type { Spread } from './measures';
export type { ReportedTrade } from './reportedTrade';
export type { RunningDay } from './running';
export { inOrderOfExit, totalReport, type TotalReport } from './totalReport';
export { chooseModel, loadSignalModel, modelVersions, type SignalModel } from './signalModel';

/** A configuration whose decision knows which strategies vote (`openVoters`). */
export type TradedConfig = Omit<RatchetConfig, 'decision'> & { readonly decision: DecisionConfig };

export interface BacktestTerms {
  readonly config: TradedConfig;
  readonly model: SignalModel | null;
  /** The user's own strategies, which `config.decision` names. */
  readonly voters: Voters;
  readonly cash: Paise;
  readonly seed: number;
  /** How often each day is played with random entries. */
  readonly randomRuns: number;
  /** The market of a date. @throws Refused when there is none. */
  readonly marketOf: (date: string) => MarketSource;
}

export interface DayOutcome {
  readonly report: DayReport;
  readonly lots: readonly LotRun[];
}

/** Plays one day. @param onRun called after every run with random entries. */
export async function backtestDay(
  chosen: Pick<RecordedDate, 'date' | 'stocks' | 'whole'>,
  terms: BacktestTerms,
  onRun: (run: number) => void = () => undefined,
): Promise<DayOutcome> {
  const recorded = recordDay(chosen.date, terms.marketOf(chosen.date));
  const day = dayTerms(recorded, terms);
  const { model, config, voters } = terms;
  const { plan } = day.entryDay;
  const judged = await judgeDay(recorded, {
    plan,
    stocks: day.stocks,
    config: config.decision,
    calendar: readCalendar(config.calendar),
    model,
    voters,
  });
  const traded = tradeDay(recorded, day, decidedEntries(judged));
  const lots: LotRun[] = [];
  for (let run = 1; run <= terms.randomRuns; run += 1) {
    lots.push(lotRun(run, { recorded, day, judged, sizeFactors: traded.sizeFactors, terms }));
    onRun(run);
    // Between two runs the event loop draws progress and receives signals.
    await new Promise(setImmediate);
  }
  const stocks = day.stocks.length;
  const { cash } = terms;
  const whole = isWholeDay(chosen);
  const { leftOut } = day;
  const report = dayReport({ recorded, whole, stocks, leftOut, cash, judged, traded, lots });
  return { report, lots };
}

interface LotInput {
  readonly recorded: RecordedDay;
  readonly day: DayTerms;
  readonly judged: JudgedDay;
  readonly sizeFactors: readonly number[];
  readonly terms: BacktestTerms;
}

function lotRun(run: number, { recorded, day, judged, sizeFactors, terms }: LotInput): LotRun {
  const chance = chanceFor(terms.seed, `lots/${recorded.date}/${run}`);
  const plan = randomEntries(judged, sizeFactors, terms.config.decision, chance);
  const { trades, approved } = tradeDay(recorded, day, plan);
  return { ...figuresOf(trades), entries: approved.length };
}

/** Terms of a day, and the stocks it does not watch. */
export interface ScreenedTerms extends DayTerms {
  readonly leftOut: readonly LeftOutStock[];
}

/**
 * Session, stocks and limits of a day as pre-flight and screener would make them. The market's clock is the
 * host's.
 */
export function dayTerms(recorded: RecordedDay, terms: BacktestTerms): ScreenedTerms {
  const { config, cash, seed } = terms;
  const { date } = recorded;
  const at = istInstant(date, '09:00');
  const calendar = readCalendar(config.calendar);
  const plan = planSession(date, { marketAt: at, hostAt: at, speed: 1 }, calendar);
  const { account, trailing, risk, longProduct } = config;
  if (longProduct !== 'MIS')
    throw new Refused({
      code: 'BACKTEST_PRODUCT',
      message: `longProduct must be MIS in a backtest, where each day ends flat, was ${longProduct}`,
    });
  const rows = screened(recorded, config);
  return {
    entryDay: { account, date, plan, trailing, longProduct, timing: positionTiming(1) },
    day: dayOf(date, calendar),
    stocks: watchedStocks(rows),
    leftOut: rows
      .filter(({ watched }) => !watched)
      .map(({ stock: { tradingsymbol }, rank, reason }) => ({ tradingsymbol, rank, reason })),
    risk,
    cash,
    seed,
  };
}

/** The stock in its configured industry. */
const classified = (
  listing: Listing,
  { sectors }: Pick<RatchetConfig, 'sectors'>,
): ScreenedStock => {
  const stock = screenable(listing);
  return { ...stock, sector: sectors[stock.tradingsymbol] ?? stock.sector };
};

/** The screening before the open: earlier sessions and price limits decide, since there are no bids yet. */
function screened(day: RecordedDay, config: TradedConfig): readonly ScreenRow[] {
  const { universe, screener } = config;
  const missing = universe?.find((name) => !day.stocks.some((one) => one.tradingsymbol === name));
  if (missing !== undefined)
    throw new Refused({
      code: 'UNIVERSE_UNKNOWN',
      message: `universe: there are no candles of ${missing} on ${day.date}`,
    });
  const quotes = day.stocks
    .filter(({ tradingsymbol }) => universe?.includes(tradingsymbol) ?? true)
    .map((listing) => ({
      stock: classified(listing, config),
      lastPrice: listing.previousClose,
      volume: 0,
      bid: null,
      ask: null,
    }));
  const { examined, left } = screenByQuote(quotes, screener, null);
  const [from = day.date] = sessionsBefore(day.date, warmUpSessions, readCalendar(config.calendar));
  const recent = (name: string): readonly Candle[] =>
    day.history(name).filter(({ at }) => istDate(at) >= from);
  const ranked = screenByHistory(
    examined,
    (name) => stockHistory(recent(name)),
    screener,
    ({ tradingsymbol, band }) => scaleRefusal(recent(tradingsymbol), band),
  );
  return [...ranked, ...left];
}
