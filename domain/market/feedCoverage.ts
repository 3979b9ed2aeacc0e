// Which minutes of the day the feed has brought whole, and which are missing. A minute is whole for a stock when
// the feed was heard without interruption from its start to its end. A stock without a trade is no interruption
// as long as others tick. What is missing is a hole until the broker's history has filled it.
import type { TradingSpan } from '../session/sessionClock';
import { epochMs, type EpochMs } from '../units';
import type { Candle } from './candle';
import { minuteMs, minuteOf } from './candleBuilder';

/** A tick may come this much later than a newer one of another stock. */
const lateMaxMs = 2_000;
/** Trading time without a tick of any stock: something was not heard. */
const silenceMaxMs = 60_000;
/** The broker's candle of a minute is final this long after the minute's end. */
const settledAfterMs = 3_000;
/** A history that ends before the hole is believed this long after the hole's end: then nothing was traded. */
const quietAfterMs = 60_000;

/** Whole minutes, ascending and apart from each other. */
export type Holes = readonly TradingSpan[];

/** The feed's day. Instants are on the market's clock. */
export interface FeedCoverage {
  readonly sessions: readonly TradingSpan[];
  /** The newest instant the feed is known to have reached; 0 before the first. */
  readonly heardUntil: EpochMs;
  /** Every minute before this is whole or in a hole, for every watched stock. */
  readonly promised: EpochMs;
  /** By watched stock. */
  readonly holes: ReadonlyMap<string, Holes>;
}

/** An interruption of the feed: the minutes it took away. */
export interface FeedGap extends TradingSpan {
  /** How many stocks miss them. */
  readonly stocks: number;
}

/** What came of an event. */
export interface Covered {
  readonly coverage: FeedCoverage;
  /** Minutes that were not missing before; null: none. */
  readonly gap: FeedGap | null;
  /** Minutes that are still open have lost ticks. */
  readonly broken: boolean;
}

export const openCoverage = (sessions: readonly TradingSpan[]): FeedCoverage => ({
  sessions,
  heardUntil: epochMs(0),
  promised: epochMs(0),
  holes: new Map(),
});

/** The coverage a gateway before this one has left: what it promised stays promised. */
export const restoredCoverage = (
  coverage: FeedCoverage,
  promised: EpochMs,
  holes: ReadonlyMap<string, Holes>,
): FeedCoverage => ({ ...coverage, promised, heardUntil: promised, holes });

/** The trading minutes that lie, in whole or in part, between two instants. */
function minutesBetween(sessions: readonly TradingSpan[], from: EpochMs, until: EpochMs): Holes {
  const end = Math.ceil(until / minuteMs) * minuteMs;
  return sessions
    .map((session) => ({
      from: epochMs(Math.max(session.from, minuteOf(from))),
      until: epochMs(Math.min(session.until, end)),
    }))
    .filter((span) => span.from < span.until);
}

const joined = (...spans: TradingSpan[]): Holes => {
  const found: TradingSpan[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = found.at(-1);
    if (last === undefined || span.from > last.until) found.push(span);
    else if (span.until > last.until) found.splice(-1, 1, { from: last.from, until: span.until });
  }
  return found;
};

const isSame = (one: Holes, other: Holes): boolean =>
  one.length === other.length &&
  one.every(
    ({ from, until }, index) => from === other[index]?.from && until === other[index].until,
  );

/** Takes minutes away from these stocks. */
function lost(coverage: FeedCoverage, stocks: readonly string[], missing: Holes): Covered {
  const holes = new Map(coverage.holes);
  let concerned = 0;
  for (const stock of stocks) {
    const before = holes.get(stock) ?? [];
    const after = joined(...before, ...missing);
    if (isSame(before, after)) continue;
    holes.set(stock, after);
    concerned += 1;
  }
  const [first, last] = [missing[0], missing.at(-1)];
  const gap =
    first === undefined || last === undefined || concerned === 0
      ? null
      : { from: first.from, until: last.until, stocks: concerned };
  return { coverage: { ...coverage, holes }, gap, broken: missing.length > 0 };
}

/**
 * The feed was not heard for a while that ends now: it came up, for the first time or again, or the process was
 * asleep. What was not promised before is missing.
 */
export function interrupted(coverage: FeedCoverage, now: EpochMs): Covered {
  const missing = minutesBetween(coverage.sessions, wholeUntil(coverage, now), now);
  const heardUntil = epochMs(Math.max(coverage.heardUntil, now));
  return lost({ ...coverage, heardUntil }, [...coverage.holes.keys()], missing);
}

/**
 * No tick comes after a session's last minute to end it: one that was heard into that minute was heard to its end.
 */
const wholeUntil = ({ sessions, promised, heardUntil }: FeedCoverage, now: EpochMs): EpochMs =>
  epochMs(
    Math.max(
      promised,
      ...sessions
        .map(({ until }) => until)
        .filter((until) => until <= now && heardUntil >= until - minuteMs),
    ),
  );

/** A tick of any stock has come. After a silence of all stocks minutes are missing. */
export function heard(coverage: FeedCoverage, at: EpochMs): Covered {
  if (at <= coverage.heardUntil) return { coverage, gap: null, broken: false };
  const after = { ...coverage, heardUntil: at };
  if (tradingTime(coverage.sessions, coverage.heardUntil, at) < silenceMaxMs)
    return { coverage: after, gap: null, broken: false };
  // The tick's own minute has lost its beginning, even when the tick is stamped with its first second.
  const missing = minutesBetween(coverage.sessions, coverage.promised, epochMs(at + 1));
  return lost(after, [...coverage.holes.keys()], missing);
}

const tradingTime = (sessions: readonly TradingSpan[], from: EpochMs, until: EpochMs): number =>
  sessions.reduce(
    (sum, span) => sum + Math.max(0, Math.min(until, span.until) - Math.max(from, span.from)),
    0,
  );

/** These stocks are watched from now on, and no others. The day before now is missing for a new one. */
export function watching(coverage: FeedCoverage, stocks: readonly string[], now: EpochMs): Covered {
  const added = stocks.filter((stock) => !coverage.holes.has(stock));
  const holes = new Map(stocks.map((stock) => [stock, coverage.holes.get(stock) ?? []]));
  const missing = minutesBetween(coverage.sessions, epochMs(0), now);
  return { ...lost({ ...coverage, holes }, added, missing), broken: false };
}

/** Promises the minutes that no tick can still belong to. */
export const promise = (coverage: FeedCoverage): FeedCoverage => {
  const promised = minuteOf(epochMs(coverage.heardUntil - lateMaxMs));
  return promised <= coverage.promised ? coverage : { ...coverage, promised };
};

/** The holes that remain once everything before `until` is filled. */
export function filled(coverage: FeedCoverage, stock: string, until: EpochMs): FeedCoverage {
  const before = coverage.holes.get(stock);
  if (before === undefined) return coverage;
  const left = before
    .filter((span) => span.until > until)
    .map((span) => ({ ...span, from: epochMs(Math.max(span.from, until)) }));
  return { ...coverage, holes: new Map(coverage.holes).set(stock, left) };
}

export const isMissing = (holes: Holes, at: EpochMs): boolean =>
  holes.some((span) => at >= span.from && at < span.until);

/** The first hole before an instant, as far as it lies before it; null: everything is there. */
export function holeBefore(holes: Holes, end: EpochMs): TradingSpan | null {
  const [first] = holes;
  if (first === undefined || first.from >= end) return null;
  return { from: first.from, until: epochMs(Math.min(first.until, end)) };
}

/** What to ask the broker's history for, both ends included, and what an answer fills. */
export interface FillRequest {
  readonly tradingsymbol: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Minutes before this are filled by the answer. */
  readonly until: EpochMs;
}

/**
 * The next request, null while there is nothing to fill. A hole is asked for when its last minute is final. The
 * whole day is asked for at once, which costs no more and shows whether the other candles are right.
 * @param order the stocks, the most important first.
 */
export function nextFill(
  { sessions, holes }: FeedCoverage,
  order: readonly string[],
  now: EpochMs,
): FillRequest | null {
  for (const tradingsymbol of order) {
    const until = holes
      .get(tradingsymbol)
      ?.findLast((span) => span.until + settledAfterMs <= now)?.until;
    const from = sessions[0]?.from;
    if (until !== undefined && from !== undefined) return { tradingsymbol, from, to: now, until };
  }
  return null;
}

/**
 * Does the answer reach the end of the hole? A candle from there on shows it. Without one, a broker that lags
 * and a stock that was not traded look the same until some time has passed.
 */
export const reaches = (
  { until, to }: FillRequest,
  candles: readonly Pick<Candle, 'at'>[],
): boolean => to >= until + quietAfterMs || candles.some(({ at }) => at >= until - minuteMs);
