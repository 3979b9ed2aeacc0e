// What one-minute candles must be beyond bars of any length: whole minutes of a session, prices on the paisa and on
// the tick, and a value that a minute can have.
import { tickSizeOn } from '../market/tickSize';
import type { TradingCalendar } from '../session/calendar';
import { paise } from '../units';
import { refuseCell } from './cell';
import { hoursOf, isRecordable, recordableDays, type RecordableDay } from './sessionRows';
import { placeIn, priceColumns, type NamedFile, type WrittenBar } from './writtenBar';

const minuteMs = 60_000;
/** Rupees: ₹10,000 crore in one minute of one stock. The exchange trades ten times that in a day of all stocks. */
const turnoverMax = 1e11;
/** Of a usual day. */
const sessionMinutes = 375;
/** Fewer rows say nothing about the length of a bar. */
const rowsForLength = 10;

/** Bars of the exchange's sessions in rupees. */
export interface MinuteKind {
  readonly kind: 'minute';
  readonly calendar: TradingCalendar;
  readonly isIndex: boolean;
  /** How long a bar is; one minute when left out, null where every length will do. */
  readonly minutes?: number | null | undefined;
  /** What to do about bars of another length, in words. */
  readonly lengthRemedy?: ((minutes: number) => string) | undefined;
}

export interface MinuteCheck {
  /** @throws Refused CANDLE_FILE where no bar can start at its time. */
  time(bar: WrittenBar): void;
  /** @throws Refused CANDLE_FILE where its prices or its volume cannot be. */
  values(bar: WrittenBar): void;
  /** @throws Refused CANDLE_FILE where the bars, oldest first, are of another length. */
  all(bars: readonly WrittenBar[]): void;
}

export function minuteCheck(
  file: NamedFile,
  { calendar, isIndex, minutes = 1, lengthRemedy }: MinuteKind,
): MinuteCheck {
  const dayAt = recordableDays(calendar);
  const turnover = turnoverMax * (minutes ?? sessionMinutes);
  return {
    time(bar) {
      const refusal = timeRefusal(bar, dayAt(bar.at));
      if (refusal !== null) refuseCell(placeIn(file, bar, 'ts'), refusal);
    },
    values(bar) {
      const day = isIndex ? null : dayAt(bar.at);
      for (const column of priceColumns) checkPrice(file, bar, column, day);
      if (!isIndex && bar.close * bar.volume > turnover)
        refuseCell(
          placeIn(file, bar, 'volume'),
          `must be worth at most ${turnover} rupees at the close ${bar.close}`,
        );
    },
    all(bars) {
      const found = barMinutes(bars);
      const [, second] = bars;
      if (minutes === null || found === null || second === undefined) return;
      if (found === minutes || (minutes === 1 && found < 1)) return;
      const one = minutes === 1 ? 'one minute' : `${minutes} minutes`;
      const remedy = lengthRemedy?.(found) ?? '';
      const must = `must be a candle of ${one}: those of the file are ${found} minutes apart${remedy}`;
      refuseCell(placeIn(file, second, 'ts'), must);
    },
  };
}

/** The length of the bars, oldest first, in minutes: the shortest time between two of them; null for too few. */
export function barMinutes(bars: readonly Pick<WrittenBar, 'at'>[]): number | null {
  if (bars.length <= rowsForLength) return null;
  const shortest = bars.reduce((least, { at }, index) => {
    const before = bars[index - 1];
    return before === undefined ? least : Math.min(least, at - before.at);
  }, Infinity);
  return shortest / minuteMs;
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
  file: NamedFile,
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
