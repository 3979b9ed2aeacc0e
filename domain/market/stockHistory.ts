// What earlier sessions say about a stock: how much of it trades and how far it moves in a day.
import { istDayNumber } from '../session/sessionClock';
import { paise, type EpochMs, type Paise } from '../units';
import type { Candle } from './candle';

export interface StockHistory {
  /** Mean of the sessions' turnover: each minute's close times its volume. */
  readonly turnover: Paise;
  /** Mean true range of a session, in percent of the last close. */
  readonly atrPct: number;
}

/** One session of a stock. Prices in paise. */
export interface SessionSummary {
  /** Its first candle's start and its last one's. */
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  readonly open: Paise;
  readonly high: Paise;
  readonly low: Paise;
  readonly close: Paise;
  /** Each minute's close times its volume, added up. */
  readonly turnover: number;
}

const begun = ({ at, open, high, low, close, volume }: Candle): SessionSummary => ({
  firstAt: at,
  lastAt: at,
  open,
  high,
  low,
  close,
  turnover: close * volume,
});

const joined = (
  session: SessionSummary,
  { at, high, low, close, volume }: Candle,
): SessionSummary => ({
  ...session,
  lastAt: at,
  high: paise(Math.max(session.high, high)),
  low: paise(Math.min(session.low, low)),
  close,
  turnover: session.turnover + close * volume,
});

/** The sessions of minute candles, ascending. */
export function sessionSummaries(candles: readonly Candle[]): readonly SessionSummary[] {
  const byDay = new Map<number, SessionSummary>();
  for (const candle of candles) {
    const day = istDayNumber(candle.at);
    const known = byDay.get(day);
    byDay.set(day, known === undefined ? begun(candle) : joined(known, candle));
  }
  return [...byDay.values()];
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param sessions earlier ones, ascending. @returns null of none. */
export function stockHistory(sessions: readonly SessionSummary[]): StockHistory | null {
  const last = sessions.at(-1);
  if (last === undefined || last.close <= 0) return null;
  const ranges = sessions.map(({ high, low }, index) => {
    const before = sessions[index - 1]?.close ?? low;
    return Math.max(high, before) - Math.min(low, before);
  });
  return {
    turnover: paise(Math.round(mean(sessions.map(({ turnover }) => turnover)))),
    atrPct: (100 * mean(ranges)) / last.close,
  };
}
