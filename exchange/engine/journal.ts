// The exchange's own record: one line per accepted request, fill, fee and end of an order, in the order
// they took effect, stamped with market time. Nothing in it depends on the host, so one seed and the same
// requests give the same bytes; only what writes it to a file adds the host's instant. The books can be
// rebuilt from it.
import { istText } from '../../domain/session/sessionClock';
import type { EpochMs } from '../../domain/units';

export type JournalKind =
  | 'session'
  | 'holding'
  | 'place'
  | 'modify'
  | 'cancel'
  | 'fill'
  | 'fee'
  | 'final'
  | 'convert'
  | 'gtt'
  | 'fault'
  | 'admin'
  | 'look'
  | 'tick'
  | 'resumed'
  | 'clock';

export interface JournalLine {
  /** Market instant as the exchange shows it, milliseconds kept. */
  readonly at: string;
  /** The same instant, epoch ms. */
  readonly marketAt: number;
  readonly kind: JournalKind;
  readonly [field: string]: string | number | boolean | null;
}

/** Takes lines in order. Must not fail: the trade has happened. */
export type JournalSink = (line: JournalLine) => void;

/** A line at a market instant; milliseconds are kept, the order of lines decides within one. */
export const journalLine = (
  at: EpochMs,
  kind: JournalKind,
  fields: Readonly<Record<string, string | number | boolean | null>>,
): JournalLine => ({
  at: `${istText(at)}.${String(at % 1_000).padStart(3, '0')}`,
  marketAt: at,
  kind,
  ...fields,
});

/** A line as a file keeps it: with the host's instant, epoch ms, at which it was written. */
export const writtenLine = (line: JournalLine, hostAt: EpochMs): JournalLine => ({
  ...line,
  hostAt,
});

/** The line without some of its fields. */
export const withoutFields = (
  line: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(line).filter(([name]) => !names.includes(name)));
