// A shadow's day beside the live day of the same date. Both decide alike, so what differs is what the market did to
// real orders: the price they were filled at, and whether they were filled at all.
import { directionSign, paise, type Direction, type EpochMs, type Paise } from '../units';

/** A position of a day. Money in paise. */
export interface DayTrade {
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly quantity: number;
  /** Market clock. */
  readonly enteredAt: EpochMs;
  readonly entryPrice: Paise;
  /** null while it is held over the night; then nothing of it is realised. */
  readonly exit: { readonly at: EpochMs; readonly price: Paise; readonly netPnl: Paise } | null;
}

export interface TradePair {
  readonly shadow: DayTrade;
  readonly live: DayTrade;
  /** By how much the shadow's entry was better than the live one, basis points; below 0 it was worse. */
  readonly entryBetterBps: number;
  /** The same of the exits; null where one is still held. */
  readonly exitBetterBps: number | null;
}

/** What the trades of one day come to. */
export interface DayTotal {
  readonly trades: number;
  readonly shares: number;
  /** After charges, of what was closed. */
  readonly netPnl: Paise;
}

export interface DayComparison {
  readonly pairs: readonly TradePair[];
  readonly onlyShadow: readonly DayTrade[];
  readonly onlyLive: readonly DayTrade[];
  readonly shadow: DayTotal;
  readonly live: DayTotal;
  /** Means over the pairs; null without one. */
  readonly meanEntryBetterBps: number | null;
  readonly meanExitBetterBps: number | null;
}

/** Entries of one decision may fill this far apart. */
const apartMaxMs = 5 * 60_000;

/** Pairs trades of the same stock and direction that were entered at nearly the same time, the nearest first. */
export function compareDays(shadow: readonly DayTrade[], live: readonly DayTrade[]): DayComparison {
  const pairs = pairsOf(shadow, live);
  const exits = pairs.flatMap(({ exitBetterBps }) => exitBetterBps ?? []);
  return {
    pairs,
    onlyShadow: shadow.filter((one) => !pairs.some((pair) => pair.shadow === one)),
    onlyLive: live.filter((one) => !pairs.some((pair) => pair.live === one)),
    shadow: totalOf(shadow),
    live: totalOf(live),
    meanEntryBetterBps: meanOf(pairs.map(({ entryBetterBps }) => entryBetterBps)),
    meanExitBetterBps: meanOf(exits),
  };
}

function pairsOf(shadow: readonly DayTrade[], live: readonly DayTrade[]): readonly TradePair[] {
  const taken = new Set<DayTrade>();
  const pairs: TradePair[] = [];
  const near = shadow
    .flatMap((one) => live.filter((other) => isAlike(one, other)).map((other) => ({ one, other })))
    .toSorted((left, right) => apart(left) - apart(right));
  for (const { one, other } of near) {
    if (taken.has(one) || taken.has(other)) continue;
    taken.add(one).add(other);
    pairs.push(pairOf(one, other));
  }
  return pairs.toSorted((left, right) => left.live.enteredAt - right.live.enteredAt);
}

const isAlike = (one: DayTrade, other: DayTrade): boolean =>
  one.tradingsymbol === other.tradingsymbol &&
  one.direction === other.direction &&
  apart({ one, other }) <= apartMaxMs;

const apart = ({ one, other }: { readonly one: DayTrade; readonly other: DayTrade }): number =>
  Math.abs(one.enteredAt - other.enteredAt);

function pairOf(shadow: DayTrade, live: DayTrade): TradePair {
  const sign = directionSign(live.direction);
  const exits = shadow.exit === null || live.exit === null ? null : [shadow.exit, live.exit];
  return {
    shadow,
    live,
    // Who buys wants it lower, who sells higher.
    entryBetterBps: -sign * above(shadow.entryPrice, live.entryPrice),
    exitBetterBps: exits === null ? null : sign * above(exits[0]?.price ?? 0, exits[1]?.price ?? 0),
  };
}

/** Basis points by which a price lies above another, to a tenth. */
const above = (price: number, other: number): number =>
  Math.round(((price - other) / Math.max(1, other)) * 100_000) / 10;

const totalOf = (trades: readonly DayTrade[]): DayTotal => ({
  trades: trades.length,
  shares: trades.reduce((sum, { quantity }) => sum + quantity, 0),
  netPnl: paise(trades.reduce((sum, { exit }) => sum + (exit?.netPnl ?? 0), 0)),
});

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0
    ? null
    : Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
