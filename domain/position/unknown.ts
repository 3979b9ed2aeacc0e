// Is it known what the position holds? An entry that was sent may have filled, and only the books tell how much.
import { openParts } from '../orders/order';
import { epochMs, type EpochMs } from '../units';
import { holdingOf } from './holding';
import { isOver, type EntryState, type PositionState } from './state';
import type { Intent } from './terms';

/** Longer than this is an alarm of its own: something may be held that nothing protects. */
export const unknownMaxMs = 10_000;

/**
 * Since when the books have not told what an entry led to, host clock; null where they have, and what is held
 * is covered and can grow no more.
 */
export function unknownSince(intent: Intent, state: PositionState): EpochMs | null {
  const sentAt = sentSince(state.entry);
  if (sentAt === null || isOver(state)) return null;
  const { open, liveEntry, liveExits } = holdingOf(intent, state);
  const readAt = state.books?.at ?? 0;
  const isKnown = readAt >= sentAt && liveEntry === undefined && openParts(liveExits) >= open;
  return isKnown ? null : epochMs(Math.max(sentAt, readAt));
}

function sentSince(entry: EntryState): EpochMs | null {
  if (entry.kind === 'sent') return entry.at;
  return entry.kind === 'inDoubt' ? entry.since : null;
}

/** What can be looked for in the broker's app: the entry's order id, or its tag where there was no answer. */
export const entryName = ({ intentId }: Intent, { entry }: PositionState): string =>
  entry.kind === 'sent' ? entry.orderId : intentId;
