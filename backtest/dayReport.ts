// One day of a backtest: decisions and trades, beside the index and random entries of the same day.
import {
  figuresOf,
  hitRate,
  spreadOf,
  type Counts,
  type DecisionTally,
  type Spread,
  type TradeFigures,
} from './measures';
import { paise, type EpochMs, type Paise } from '../domain/units';
import { indexSymbol } from '../domain/market/indexSymbol';
import type { JudgedDay } from './judgedDay';
import type { MarketDay } from './recordedDay';
import { reportedTrades, type ReportedTrade } from './reportedTrade';
import type { TradesOfDay } from './tradedTerms';

/** What all the capital would have made in the index, without charges. */
export interface IndexMove {
  readonly name: string;
  readonly open: Paise;
  readonly close: Paise;
  readonly pnl: Paise;
}

/** As many entries at random, played `runs` times. Money in paise. */
export interface LotReport {
  readonly runs: number;
  readonly entriesMean: number;
  readonly tradesMean: number;
  readonly hitRate: number | null;
  readonly grossPnl: Spread;
  readonly netPnl: Spread;
  /** Share of the runs that made less than the strategy, after charges. */
  readonly below: number;
}

/** A stock that the day does not watch. */
export interface LeftOutStock {
  readonly tradingsymbol: string;
  /** Its rank where it met every limit and others were before it; null for the others. */
  readonly rank: number | null;
  readonly reason: string;
}

export interface DayReport extends DecisionTally, TradeFigures {
  readonly date: string;
  /** Did every stock have a whole session? */
  readonly whole: boolean;
  readonly stocks: number;
  readonly leftOut: readonly LeftOutStock[];
  /** Bars that were decided on. */
  readonly bars: number;
  /** Bars that were not traded because the feed was silent. */
  readonly staleBars: number;
  readonly unjudged: Counts;
  readonly refusals: Counts;
  /** Entries that risk approved. One that never filled is not a trade. */
  readonly entries: number;
  readonly hitRate: number | null;
  /** null where the files have no index. */
  readonly index: IndexMove | null;
  readonly random: LotReport | null;
  readonly tradeList: readonly ReportedTrade[];
}

/** One run with random entries. */
export interface LotRun extends TradeFigures {
  readonly entries: number;
}

export interface PlayedDay {
  readonly recorded: MarketDay;
  readonly whole: boolean;
  readonly stocks: number;
  readonly leftOut: readonly LeftOutStock[];
  readonly cash: Paise;
  readonly judged: JudgedDay;
  /** Of the bars that were not stale. */
  readonly tally: DecisionTally;
  readonly barEnds: readonly EpochMs[];
  readonly traded: TradesOfDay;
  readonly lots: readonly LotRun[];
}

export function dayReport(played: PlayedDay): DayReport {
  const { recorded, whole, stocks, leftOut, judged, tally, traded, lots, cash } = played;
  const figures = figuresOf(traded.trades);
  return {
    date: recorded.date,
    whole,
    stocks,
    leftOut,
    bars: played.barEnds.length - traded.staleBars.length,
    ...tally,
    unjudged: judged.unjudged,
    refusals: traded.refusals,
    staleBars: traded.staleBars.length,
    entries: traded.approved.length,
    ...figures,
    hitRate: hitRate(figures),
    index: indexMove(recorded, cash),
    random: lotReport(lots, figures),
    tradeList: reportedTrades(traded.trades, {
      judged,
      approved: traded.approved,
      candles: recorded.candles,
    }),
  };
}

function indexMove({ candles }: MarketDay, cash: Paise): IndexMove | null {
  const bars = candles.get(indexSymbol) ?? [];
  const [open, close] = [bars[0]?.open, bars.at(-1)?.close];
  if (open === undefined || close === undefined) return null;
  return { name: indexSymbol, open, close, pnl: heldPnl(cash, open, close) };
}

/** The gain of a sum that was put into the index at one level and valued at another. */
export const heldPnl = (cash: Paise, open: Paise, close: Paise): Paise =>
  paise(Math.round((cash * (close - open)) / open));

export function lotReport(runs: readonly LotRun[], strategy: TradeFigures): LotReport | null {
  const net = spreadOf(runs.map(({ netPnl }) => netPnl));
  const gross = spreadOf(runs.map(({ grossPnl }) => grossPnl));
  if (net === null || gross === null) return null;
  const mean = (pick: (run: LotRun) => number): number =>
    runs.reduce((sum, run) => sum + pick(run), 0) / runs.length;
  const trades = mean((run) => run.trades);
  return {
    runs: runs.length,
    entriesMean: mean((run) => run.entries),
    tradesMean: trades,
    hitRate: trades === 0 ? null : mean((run) => run.winners) / trades,
    grossPnl: gross,
    netPnl: net,
    below: runs.filter((run) => run.netPnl < strategy.netPnl).length / runs.length,
  };
}
