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

type Growing = { -readonly [Field in keyof SessionSummary]: SessionSummary[Field] };

/** The sessions of minute candles, ascending. Each grows in place: a search sums millions of minutes up. */
export function sessionSummaries(candles: readonly Candle[]): readonly SessionSummary[] {
  const sessions: Growing[] = [];
  let day = NaN;
  let session: Growing | undefined;
  for (const { at, open, high, low, close, volume } of candles) {
    const turnover = close * volume;
    if (session === undefined || istDayNumber(at) !== day) {
      day = istDayNumber(at);
      session = { firstAt: at, lastAt: at, open, high, low, close, turnover };
      sessions.push(session);
      continue;
    }
    session.lastAt = at;
    if (high > session.high) session.high = high;
    if (low < session.low) session.low = low;
    session.close = close;
    session.turnover += turnover;
  }
  return sessions;
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
