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
export function castStocks(
  day: BarDay,
  stocks: readonly ScreenedStock[],
  config: Pick<DecisionConfig, 'agents' | 'barMinutes'>,
  calendar: TradingCalendar,
): readonly CastStock[] {
  const [first = day.date] = sessionsBefore(day.date, warmUpSessions, calendar);
  const start = istInstant(first, '00:00');
  return stocks.flatMap(({ tradingsymbol }) => {
    const series = day.series.get(tradingsymbol);
    if (series === undefined) return [];
    const parts = series.barsFrom(start, config.barMinutes);
    const warmUp = parts.slice(0, -1).reduce((sum, { length }) => sum + length, 0);
    const columns = barColumns(parts, config.barMinutes, Math.max(0, warmUp - recentBars));
    return [{ tradingsymbol, columns, cast: castBars(columns, warmUp, config) }];
  });
}
