// One-minute candles from ticks. Volume is the growth of the day's cumulative volume, so a missed tick loses
// none. Minutes stay open until they are closed; a tick that comes late still lands in its own open minute.
import { epochMs, paise, shares, type EpochMs, type Paise } from '../units';
import type { Candle } from './candle';

export const minuteMs = 60_000;

/** A tick as the feed has it: last price, the day's volume so far, exchange time. */
export interface MarketTick {
  readonly price: Paise;
  readonly dayVolume: number;
  readonly at: EpochMs;
}

/** A minute that still takes ticks. */
export interface OpenMinute extends Omit<Candle, 'volume'> {
  /** Exchange time of the ticks that open and close it. */
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  /** The day's volume at its end, as far as it is known. */
  readonly dayVolume: number;
}

export interface CandleBuilder {
  /** Ascending. */
  readonly minutes: readonly OpenMinute[];
  /** The day's volume before the first open minute; −1 while it is not known. */
  readonly dayVolume: number;
  /** Minutes that start before this are over. */
  readonly closedUntil: EpochMs;
  /** After an interruption, until a tick falls into an open minute: what came meanwhile was not heard. */
  readonly resumed: boolean;
}

/** The empty builder. Volume before the first tick belongs to no candle. */
export const emptyBuilder: CandleBuilder = {
  minutes: [],
  dayVolume: -1,
  closedUntil: epochMs(0),
  resumed: false,
};

/**
 * For a stock whose first tick comes at `at`: heard of in the first minute of a day that opens at `open`, all
 * its volume of the day belongs to that candle, the opening auction's too.
 */
export const builderFrom = (at: EpochMs, open: EpochMs): CandleBuilder =>
  minuteOf(at) <= open ? { ...emptyBuilder, dayVolume: 0 } : emptyBuilder;

export const minuteOf = (at: EpochMs): EpochMs => epochMs(Math.floor(at / minuteMs) * minuteMs);

/**
 * The builder after an interruption of the feed. Open minutes have lost ticks and are given up. The volume
 * traded meanwhile belongs to no candle.
 */
export const resumedBuilder = (builder: CandleBuilder): CandleBuilder => ({
  ...builder,
  minutes: [],
  dayVolume: -1,
  resumed: true,
});

/** The builder after a tick. `late`: the tick told of trades in a minute that is over, and is left out. */
export function addTick(
  builder: CandleBuilder,
  tick: MarketTick,
): { readonly builder: CandleBuilder; readonly late: boolean } {
  if (minuteOf(tick.at) < builder.closedUntil) return outsideMinutes(builder, tick);
  const dayVolume = builder.dayVolume < 0 ? tick.dayVolume : builder.dayVolume;
  const minutes = withTick(builder.minutes, tick);
  return { builder: { ...builder, minutes, dayVolume, resumed: false }, late: false };
}

/** A tick of a minute that is over. Its volume is not lost, because the next minute's growth holds it. */
function outsideMinutes(
  builder: CandleBuilder,
  { dayVolume }: MarketTick,
): { readonly builder: CandleBuilder; readonly late: boolean } {
  const known = builder.minutes.at(-1)?.dayVolume ?? builder.dayVolume;
  // The first word after an interruption may be an old one; growth is counted from it.
  if (builder.resumed)
    return { builder: { ...builder, dayVolume: Math.max(known, dayVolume) }, late: false };
  return { builder, late: builder.dayVolume >= 0 && dayVolume > known };
}

function withTick(minutes: readonly OpenMinute[], tick: MarketTick): readonly OpenMinute[] {
  const at = minuteOf(tick.at);
  const place = minutes.findLastIndex((minute) => minute.at <= at);
  const found = minutes[place];
  if (found?.at !== at) return minutes.toSpliced(place + 1, 0, begun(at, tick));
  return minutes.with(place, grown(found, tick));
}

const begun = (at: EpochMs, { price, dayVolume, at: tickAt }: MarketTick): OpenMinute => ({
  ...{ at, open: price, high: price, low: price, close: price },
  ...{ firstAt: tickAt, lastAt: tickAt, dayVolume },
});

const grown = (minute: OpenMinute, { price, dayVolume, at }: MarketTick): OpenMinute => ({
  ...minute,
  ...(at < minute.firstAt && { open: price, firstAt: at }),
  ...(at >= minute.lastAt && { close: price, lastAt: at }),
  high: paise(Math.max(minute.high, price)),
  low: paise(Math.min(minute.low, price)),
  dayVolume: Math.max(minute.dayVolume, dayVolume),
});

/** Closes the minutes before `until`; later ticks of theirs are late. */
export function closeUntil(
  builder: CandleBuilder,
  until: EpochMs,
): { readonly builder: CandleBuilder; readonly closed: readonly Candle[] } {
  if (until <= builder.closedUntil) return { builder, closed: [] };
  const closed: Candle[] = [];
  let { dayVolume } = builder;
  for (const minute of builder.minutes) {
    if (minute.at >= until) break;
    const { at, open, high, low, close } = minute;
    const volume = shares(Math.max(0, minute.dayVolume - dayVolume));
    closed.push({ at, open, high, low, close, volume });
    dayVolume = Math.max(dayVolume, minute.dayVolume);
  }
  const minutes = builder.minutes.slice(closed.length);
  return { builder: { ...builder, minutes, dayVolume, closedUntil: until }, closed };
}
