// What earlier sessions say about a stock: how much of it trades and how far it moves in a day.
import { istDayNumber } from '../session/sessionClock';
import { paise, type Paise } from '../units';
import type { Candle } from './candle';

export interface StockHistory {
  /** Mean of the sessions' turnover: each minute's close times its volume. */
  readonly turnover: Paise;
  /** Mean true range of a session, in percent of the last close. */
  readonly atrPct: number;
}

interface Session {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly turnover: number;
}

const joined = (session: Session | undefined, candle: Candle): Session => ({
  high: Math.max(session?.high ?? 0, candle.high),
  low: Math.min(session?.low ?? Infinity, candle.low),
  close: candle.close,
  turnover: (session?.turnover ?? 0) + candle.close * candle.volume,
});

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param candles minute candles of earlier sessions, ascending. @returns null for no candles. */
export function stockHistory(candles: readonly Candle[]): StockHistory | null {
  const byDate = new Map<number, Session>();
  for (const candle of candles) {
    const day = istDayNumber(candle.at);
    byDate.set(day, joined(byDate.get(day), candle));
  }
  const sessions = [...byDate.values()];
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
