// What one-minute candles must be beyond bars of any length: whole minutes of a session, prices on the paisa and on
// the tick, and a value that a minute can have.
import { tickSizeOn } from '../market/tickSize';
import type { TradingCalendar } from '../session/calendar';
import { paise } from '../units';
import { refuseCell } from './cell';
import { hoursOf, isRecordable, recordableDays, type RecordableDay } from './sessionRows';
import { placeIn, priceColumns, type WrittenBar } from './writtenBar';

const minuteMs = 60_000;
/** Rupees: ₹10,000 crore in one minute of one stock. The exchange trades ten times that in a day of all stocks. */
const turnoverMax = 1e11;
/** Fewer rows say nothing about the length of a bar. */
const rowsForLength = 10;

export interface MinuteCheck {
  /** @throws Refused CANDLE_FILE */
  bar(bar: WrittenBar): void;
  /** @throws Refused CANDLE_FILE where the bars, oldest first, are longer than a minute. */
  all(bars: readonly WrittenBar[]): void;
}

export function minuteCheck(
  file: string,
  { calendar, isIndex }: { readonly calendar: TradingCalendar; readonly isIndex: boolean },
): MinuteCheck {
  const dayAt = recordableDays(calendar);
  return {
    bar(bar) {
      const day = dayAt(bar.at);
      const refusal = timeRefusal(bar, day);
      if (refusal !== null) refuseCell(placeIn(file, bar, 'ts'), refusal);
      for (const column of priceColumns) checkPrice(file, bar, column, isIndex ? null : day);
      if (!isIndex && bar.close * bar.volume > turnoverMax)
        refuseCell(
          placeIn(file, bar, 'volume'),
          `must be worth at most ${turnoverMax} rupees at the close ${bar.close}`,
        );
    },
    all(bars) {
      const length = shortestStep(bars);
      const [, second] = bars;
      if (bars.length <= rowsForLength || length <= minuteMs || second === undefined) return;
      const must = `must be a candle of one minute: those of the file are ${length / minuteMs} minutes apart`;
      refuseCell(placeIn(file, second, 'ts'), must);
    },
  };
}

function timeRefusal({ at }: WrittenBar, day: RecordableDay): string | null {
  if (at % minuteMs !== 0) return 'must be the whole minute at which the candle starts';
  if (day.refusal !== null || isRecordable(day, at)) return day.refusal;
  return `must lie in the session of ${day.date} in India, ${hoursOf(day)}`;
}

/**
 * A stock’s tick may have been set when it stood lower, so half the price gives the finest it can have.
 * @param day of a stock; null of an index, which has no tick.
 */
function checkPrice(
  file: string,
  bar: WrittenBar,
  column: (typeof priceColumns)[number],
  day: RecordableDay | null,
): void {
  const amount = bar[column] * 100;
  const whole = Math.round(amount);
  if (Math.abs(amount - whole) > 1e-4)
    refuseCell(placeIn(file, bar, column), 'must be whole paise');
  if (day === null) return;
  const tick = tickSizeOn(day.date, paise(Math.floor(whole / 2)));
  if (whole % tick !== 0)
    refuseCell(
      placeIn(file, bar, column),
      `must be a price that trades: a multiple of ${tick} paise on ${day.date}; at adjusted prices no order can be filled`,
    );
}

/** The shortest time between two bars that follow each other. */
const shortestStep = (bars: readonly WrittenBar[]): number =>
  bars.reduce((shortest, { at }, index) => {
    const before = bars[index - 1];
    return before === undefined ? shortest : Math.min(shortest, at - before.at);
  }, Infinity);
