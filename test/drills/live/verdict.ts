// What the drill has shown, judged by the stand-in's journal and by what the drill itself did. It shares no code
// with the system but the form of its tags.
import { installationOf, isIntentTag } from '../../../domain/position';
import { istDate, istInstant } from '../../../domain/session/sessionClock';
import { hostTime, type MarketClock } from '../../../domain/session/sessionPlan';
import { epochMs } from '../../../domain/units';
import type { UncoveredSpan } from '../../support/journalCheck';

/** A span of host time. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** An outage with what was told of it. */
export interface Point {
  readonly name: string;
  /** From when somebody could know of it to the alert. */
  readonly alertedMs: number;
  /** While nothing could be done about it. */
  readonly dark: Span;
  /** While no tick could come. */
  readonly unheard?: Span;
}

/** The longest the spans last outside of all dark ones. */
export function uncoveredMaxMs(
  spans: readonly UncoveredSpan[],
  clock: MarketClock,
  dark: readonly Span[],
): number {
  const host = (market: number): number => hostTime(clock, epochMs(market));
  const lasting = spans.flatMap(({ from, until }) =>
    lightIn({ from: host(from), until: host(until) }, dark),
  );
  return Math.max(0, ...lasting);
}

/** Lengths of the pieces of a span that no dark span touches. */
function lightIn(span: Span, dark: readonly Span[]): readonly number[] {
  let from = span.from;
  const pieces: number[] = [];
  for (const night of dark.toSorted((one, other) => one.from - other.from)) {
    if (night.until <= from || night.from >= span.until) continue;
    pieces.push(night.from - from);
    from = Math.max(from, night.until);
  }
  return [...pieces, span.until - from].map((piece) => Math.max(0, Math.round(piece)));
}

type Line = Readonly<Record<string, unknown>>;

interface Entry {
  readonly tag: string;
  readonly tradingsymbol: string;
  /** Market clock. */
  readonly at: number;
  /** End of the bar it was decided on, which its tag says. */
  readonly decidedOn: number;
}

const minuteMs = 60_000;

/** The tag's three characters of the bar's minute stand before the installation's three. */
const barEndIn = (tag: string, at: number): number =>
  istInstant(istDate(epochMs(at)), '00:00') + Number.parseInt(tag.slice(-6, -3), 36) * minuteMs;

/** The first order of each tag is its entry. */
export function entriesIn(journal: readonly Line[]): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const line of journal) {
    const { kind, tag, tradingsymbol, marketAt } = line;
    if (kind !== 'place' || typeof tag !== 'string' || !isIntentTag(tag) || found.has(tag))
      continue;
    const at = Number(marketAt);
    found.set(tag, { tag, tradingsymbol: String(tradingsymbol), at, decidedOn: barEndIn(tag, at) });
  }
  return [...found.values()];
}

/**
 * Entries sent twice: a second order of a tag on the side of its first, two entries of one stock within a bar,
 * and those of an installation that should not trade.
 */
export function duplicateEntries(journal: readonly Line[], own: string): number {
  const sides = new Map<string, unknown>();
  let count = 0;
  for (const { kind, tag, side } of journal) {
    if (kind !== 'place' || typeof tag !== 'string' || !isIntentTag(tag)) continue;
    if (!sides.has(tag)) sides.set(tag, side);
    else if (sides.get(tag) === side) count += 1;
  }
  const minutes = new Set<string>();
  for (const { tag, tradingsymbol, at } of entriesIn(journal)) {
    const minute = `${tradingsymbol} ${Math.floor(at / minuteMs)}`;
    if (minutes.has(minute) || installationOf(tag) !== own) count += 1;
    minutes.add(minute);
  }
  return count;
}

/** Minutes of one stock that the feed missed, until the broker's history had been read; market clock. */
export interface Hole {
  readonly tradingsymbol: string;
  readonly from: number;
  readonly filledAt: number;
}

/** Entries in a stock that were decided on bars with a hole. What was decided before the hole stays sound. */
export const entriesOnHoles = (entries: readonly Entry[], holes: readonly Hole[]): number =>
  entries.filter(({ tradingsymbol, at, decidedOn }) =>
    holes.some(
      (hole) => hole.tradingsymbol === tradingsymbol && decidedOn > hole.from && at < hole.filledAt,
    ),
  ).length;
