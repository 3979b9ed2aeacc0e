// Daily bars to compare minutes with: a file with a column of the stock, or files named after theirs.
import { readSeries, type WrittenBar } from '../../domain/candleFile';
import type { DayBar } from '../../domain/candleStore/dailyCheck';
import { openedTable } from '../../domain/candleStore/multiHeader';
import { recogniseForm } from '../../domain/candleStore/recognise';
import { symbolOf, symbolOfFile } from '../../domain/candleStore/symbolOf';
import type { SessionDate } from '../../domain/session/calendar';
import { istDate } from '../../domain/session/sessionClock';
import { csvTable } from '../../exchange/market/csvTable';
import { bareName, sourceFiles } from './sourceFiles';

/** By symbol and date. */
export type DailyBars = ReadonlyMap<string, ReadonlyMap<SessionDate, DayBar>>;

/** @throws Refused CANDLE_FILE naming file, line, column and value. */
export function readDailyBars(source: string): DailyBars {
  const bars = new Map<string, Map<SessionDate, DayBar>>();
  for (const file of sourceFiles(source)) {
    const { table, first, ticker } = openedTable(csvTable(file));
    const { form } = recogniseForm(table, first, { columns: {} });
    const own = ticker === null ? symbolOfFile(bareName(file)) : symbolOf(ticker);
    for (const [name, series] of readSeries(table, form, { kindOf: () => ({ kind: 'any' }) })) {
      const symbol = form.symbol === null ? own : symbolOf(name);
      if (symbol === null) continue;
      const days = bars.get(symbol) ?? new Map<SessionDate, DayBar>();
      bars.set(symbol, days);
      for (const bar of series.bars) days.set(istDate(bar.at), dayBar(bar));
    }
  }
  return bars;
}

/** In paise, as the minutes are. */
const dayBar = ({ at, high, low, volume }: WrittenBar): DayBar => ({
  date: istDate(at),
  high: high * 100,
  low: low * 100,
  volume,
});
