// The watched stocks of a day as columns of bars, with what the agents find on them.
import type { DecisionConfig } from '../../domain/decision';
import { barColumns, warmUpSessions, type BarColumns } from '../../domain/indicators';
import { rowFrom } from '../../domain/market/minuteColumns';
import type { ScreenedStock } from '../../domain/market/screen';
import { sessionsBefore, type TradingCalendar } from '../../domain/session/calendar';
import { istInstant } from '../../domain/session/sessionClock';
import type { BarDay } from './barMarket';
import { castBars, type CastBars } from './castBars';

const minuteMs = 60_000;

/** A watched stock's bars with what the agents find on them; the same for every way of weighing it. */
export interface CastStock {
  readonly tradingsymbol: string;
  readonly columns: BarColumns;
  readonly cast: CastBars;
}

/** @param calendar says which sessions warm the indicators up. */
export function castStocks(
  day: BarDay,
  stocks: readonly ScreenedStock[],
  config: Pick<DecisionConfig, 'agents' | 'barMinutes'>,
  calendar: TradingCalendar,
): readonly CastStock[] {
  const [first = day.date] = sessionsBefore(day.date, warmUpSessions, calendar);
  const start = istInstant(first, '00:00');
  const open = istInstant(day.date, '00:00') / minuteMs;
  return stocks.flatMap(({ tradingsymbol }) => {
    const series = day.series.get(tradingsymbol);
    if (series === undefined) return [];
    const { minutes, today } = series;
    const from = Math.max(series.earlier.from, rowFrom(minutes, start));
    const columns = barColumns(minutes, { from, until: today.until }, config.barMinutes);
    const firstToday = columns.minute.findIndex((minute) => minute >= open);
    return [{ tradingsymbol, columns, cast: castBars(columns, firstToday, config) }];
  });
}
