// Which dates a folder of candles holds, and what each stock lacks of a whole session.
import { memberOn, type Membership } from '../../domain/candleStore/membership';
import { sessionLack } from '../../domain/market/sessionHoles';
import { istDate, istDayNumber, istTime, sessionClock } from '../../domain/session/sessionClock';
import type { SessionClock } from '../../domain/session/sessionClock';
import { dayOf, type SessionDate, type TradingCalendar } from '../../domain/session/calendar';
import { epochMs, type EpochMs } from '../../domain/units';
import { candleSeries, type CandleFolder, type CandleSeries } from './candleFiles';
import { companies } from './companies';

/** What a stock lacks of a session. */
export interface Lack {
  readonly tradingsymbol: string;
  /** Minutes without a candle, of how many. */
  readonly missing: number;
  readonly minutes: number;
  /** `HH:MM` of the longest stretch without one. */
  readonly from: string;
  readonly until: string;
}

/** A date in the files: its stocks, and what they lack. */
export interface RecordedDate {
  readonly date: SessionDate;
  readonly stocks: number;
  /** How many of them have a whole session. */
  readonly whole: number;
  readonly lacks: readonly Lack[];
}

export interface FolderReading extends Pick<CandleFolder, 'factorsFile' | 'remark'> {
  /** Only members of a date count; every stock where it is left out. */
  readonly membership?: Membership | undefined;
  /** Given every series as it is read, so that a large folder need not be read twice. */
  readonly seen?: ((series: CandleSeries) => void) | undefined;
}

/** Every date the files hold candles of stocks for, oldest first. @throws Refused as `candleSeries` does. */
export function recordedDates(
  directory: string,
  calendar: TradingCalendar,
  { seen, membership, ...reading }: FolderReading = {},
): readonly RecordedDate[] {
  const found = new Map<SessionDate, { stocks: number; lacks: Lack[] }>();
  for (const series of candleSeries({ directory, calendar, ...reading })) {
    const { name, isIndex, candles } = series;
    seen?.(series);
    if (isIndex) continue;
    const today = companies.get(name)?.hasDerivatives ?? false;
    for (const [date, minutes] of byDate(candles.map(({ at }) => at))) {
      const member = membership === undefined ? undefined : memberOn(membership, name, date);
      // Who was no member of the day is not traded, so nothing is lacking.
      if (member === null) continue;
      const hasDerivatives = member?.hasDerivatives ?? today;
      const known = found.get(date) ?? { stocks: 0, lacks: [] };
      found.set(date, known);
      known.stocks += 1;
      const lack = lackOf(minutes, sessionClock(dayOf(date, calendar), hasDerivatives));
      if (lack !== null) known.lacks.push({ tradingsymbol: name, ...lack });
    }
  }
  return [...found]
    .map(([date, { stocks, lacks }]) => ({ date, stocks, lacks, whole: stocks - lacks.length }))
    .sort((one, other) => (one.date < other.date ? -1 : 1));
}

/** @param instants ascending. */
function byDate(instants: readonly EpochMs[]): ReadonlyMap<SessionDate, readonly EpochMs[]> {
  const dates = new Map<number, EpochMs[]>();
  for (const at of instants) {
    const day = istDayNumber(at);
    const minutes = dates.get(day);
    if (minutes === undefined) dates.set(day, [at]);
    else minutes.push(at);
  }
  return new Map(
    [...dates.values()].map((minutes) => [istDate(minutes[0] ?? epochMs(0)), minutes]),
  );
}

function lackOf(
  minutes: readonly EpochMs[],
  clock: SessionClock,
): Omit<Lack, 'tradingsymbol'> | null {
  const lack = sessionLack(minutes, clock);
  if (lack === null) return null;
  const { missing, bars, longest } = lack;
  const time = (at: EpochMs): string => istTime(at).slice(0, 5);
  return { missing, minutes: bars, from: time(longest.from), until: time(longest.until) };
}

/** `INFY lacks 285 of 375 minutes, most from 09:15 to 13:59`. */
export const lackText = ({ tradingsymbol, missing, minutes, from, until }: Lack): string =>
  `${tradingsymbol} lacks ${missing} of ${minutes} minutes, most from ${from} to ${until}`;
