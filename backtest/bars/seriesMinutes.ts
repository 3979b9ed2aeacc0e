// One series' recorded minutes, and what is made of each of its days once: its bars and its summary. Four days in a row
// warm up on the same ones.
import { priceBars, type PriceBars } from '../../domain/indicators';
import {
  candleOf,
  minuteColumns,
  rowFrom,
  type MinuteColumns,
} from '../../domain/market/minuteColumns';
import { sessionSummaries, type SessionSummary } from '../../domain/market/stockHistory';
import { addDays, type SessionDate } from '../../domain/session/calendar';
import { istDayNumber, istInstant } from '../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../domain/units';
import type { CandleSeries } from '../../exchange/market/candleFiles';
import { historyDays, type RecordedSeries } from '../../exchange/market/replay';
import type { Listing } from '../../exchange/market/listing';

/** Rows [from, until) of a series. */
export interface Rows {
  readonly from: number;
  readonly until: number;
}

/** A stock or index on one day. */
export interface DaySeries {
  readonly listing: Listing;
  readonly minutes: MinuteColumns;
  readonly today: Rows;
  /** Earlier minutes, as far back as a replay keeps them. */
  readonly earlier: Rows;
  /** Bars of every session from an instant on, today's the last. */
  barsFrom(from: EpochMs, barMinutes: number): readonly PriceBars[];
  /** The earlier sessions from an instant on. */
  sessionsFrom(from: EpochMs): readonly SessionSummary[];
}

interface RecordedDayRows extends Rows {
  /** Days since 1970 in India. */
  readonly day: number;
}

/** A series on one day, before it is listed. */
interface SeriesOnDay {
  readonly recorded: RecordedSeries;
  readonly series: Omit<DaySeries, 'listing'>;
}

const minuteMs = 60_000;

export class SeriesMinutes {
  readonly #name: string;
  readonly #isIndex: boolean;
  readonly #minutes: MinuteColumns;
  readonly #days: readonly RecordedDayRows[];
  readonly #bars = new Map<string, PriceBars>();
  readonly #summaries = new Map<number, SessionSummary>();

  constructor({ name, isIndex, candles }: CandleSeries) {
    this.#name = name;
    this.#isIndex = isIndex;
    this.#minutes = minuteColumns(candles);
    this.#days = daysOf(this.#minutes);
  }

  /** null where nothing traded on the date. */
  on(date: SessionDate): SeriesOnDay | null {
    const day = istDayNumber(istInstant(date, '00:00'));
    const index = this.#days.findIndex((one) => one.day === day);
    const today = this.#days[index];
    if (today === undefined) return null;
    const minutes = this.#minutes;
    const from = rowFrom(minutes, istInstant(addDays(date, -historyDays), '00:00'));
    const earlier = { from, until: today.from };
    const daysFrom = (at: EpochMs): readonly RecordedDayRows[] =>
      this.#days.slice(0, index).filter((one) => one.day >= istDayNumber(at));
    return {
      recorded: {
        name: this.#name,
        isIndex: this.#isIndex,
        before: earlier.until > earlier.from ? candleOf(minutes, earlier.until - 1) : undefined,
        first: candleOf(minutes, today.from),
        minuteVolume: meanVolume(minutes, earlier),
      },
      series: {
        minutes,
        today,
        earlier,
        barsFrom: (at, barMinutes) =>
          [...daysFrom(at), today].map((rows) => this.#barsOf(rows, barMinutes)),
        sessionsFrom: (at) => daysFrom(at).map((rows) => this.#summaryOf(rows)),
      },
    };
  }

  #barsOf(rows: RecordedDayRows, barMinutes: number): PriceBars {
    const key = `${rows.day}/${barMinutes}`;
    const known = this.#bars.get(key) ?? priceBars(this.#minutes, rows, barMinutes);
    this.#bars.set(key, known);
    return known;
  }

  #summaryOf({ day, from, until }: RecordedDayRows): SessionSummary {
    const known = this.#summaries.get(day);
    if (known !== undefined) return known;
    const candles = Array.from({ length: until - from }, (_, row) =>
      candleOf(this.#minutes, from + row),
    );
    const [summary] = sessionSummaries(candles);
    if (summary === undefined) throw new Error('Invariant: a recorded day has a minute');
    this.#summaries.set(day, summary);
    return summary;
  }
}

function daysOf({ minute }: MinuteColumns): readonly RecordedDayRows[] {
  const days: RecordedDayRows[] = [];
  const dayAt = (row: number): number => istDayNumber(epochMs((minute[row] ?? 0) * minuteMs));
  for (let from = 0; from < minute.length;) {
    let until = from + 1;
    while (until < minute.length && dayAt(until) === dayAt(from)) until += 1;
    days.push({ day: dayAt(from), from, until });
    from = until;
  }
  return days;
}

function meanVolume({ volume }: MinuteColumns, { from, until }: Rows): number {
  let sum = 0;
  for (let row = from; row < until; row += 1) sum += volume[row] ?? 0;
  return sum / Math.max(1, until - from);
}
