// The watched stocks of a day as columns of bars, with what the agents find on them.
import { recentBars, type DecisionConfig } from '../../domain/decision';
import { barColumns, warmUpSessions, type BarColumns } from '../../domain/indicators';
import type { ScreenedStock } from '../../domain/market/screen';
import { sessionsBefore, type TradingCalendar } from '../../domain/session/calendar';
import { istInstant } from '../../domain/session/sessionClock';
import type { BarDay } from './barMarket';
import { castBars, type CastBars } from './castBars';

/** A watched stock's bars with what the agents find on them; the same for every way of weighing it. */
export interface CastStock {
  readonly tradingsymbol: string;
  readonly columns: BarColumns;
  readonly cast: CastBars;
}

/** @param calendar says which sessions warm the indicators up. */
export const castStocks = (
  day: BarDay,
  stocks: readonly ScreenedStock[],
  config: Pick<DecisionConfig, 'agents' | 'barMinutes'>,
  calendar: TradingCalendar,
): readonly CastStock[] =>
  stocks.flatMap(({ tradingsymbol }) => {
    const found = columnsOf(day, tradingsymbol, config, calendar);
    if (found === null) return [];
    const { columns, firstToday } = found;
    return [{ tradingsymbol, columns, cast: castBars(columns, firstToday, config) }];
  });

/** A stock's bars of the day, warmed up as live; null where it did not trade. */
function columnsOf(
  day: BarDay,
  tradingsymbol: string,
  { barMinutes }: Pick<DecisionConfig, 'barMinutes'>,
  calendar: TradingCalendar,
): { readonly columns: BarColumns; readonly firstToday: number } | null {
  const series = day.series.get(tradingsymbol);
  if (series === undefined) return null;
  const [first = day.date] = sessionsBefore(day.date, warmUpSessions, calendar);
  const parts = series.barsFrom(istInstant(first, '00:00'), barMinutes);
  const firstToday = parts.slice(0, -1).reduce((sum, { length }) => sum + length, 0);
  return {
    columns: barColumns(parts, barMinutes, Math.max(0, firstToday - recentBars)),
    firstToday,
  };
}
