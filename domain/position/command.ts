// The commands a position can ask for.
import type { OrderRequest } from '../orders/order';
import type { SoughtTrigger } from '../orders/trigger';
import { epochMs, type EpochMs } from '../units';
import { quantityOf } from './holding';
import type { PositionState } from './state';

export type PositionCommand =
  | { readonly kind: 'sendEntry'; readonly order: OrderRequest }
  | { readonly kind: 'placeExit'; readonly order: OrderRequest }
  | { readonly kind: 'modifyExit'; readonly orderId: string; readonly order: OrderRequest }
  | { readonly kind: 'cancel'; readonly orderId: string; readonly why: string }
  /** `news` comes back with the reading, in `booksRead`. */
  | ({ readonly kind: 'readBooks'; readonly news: number } & KnownAs)
  | { readonly kind: 'wantExit'; readonly reason: 'squareOff' | 'stop' | 'target' | 'stopRefused' }
  /** The session is over and the position goes on in the next one. */
  | { readonly kind: 'carry' }
  | { readonly kind: 'finish' }
  /** Nothing to do before `until` (host clock) unless a message comes. */
  | { readonly kind: 'wait'; readonly until: EpochMs };

/** How our orders are recognised where they carry no tag. */
export interface KnownAs {
  /** Ids the broker answered with. Their trades are ours even where the order itself is not listed. */
  readonly orderIds: readonly string[];
  /** Triggers that were asked for and never answered. */
  readonly sought: readonly SoughtTrigger[];
  readonly entry: KnownEntry;
}

/** The entry as far as it is known. */
export interface KnownEntry {
  /** null before the broker has answered with it. */
  readonly orderId: string | null;
  /** Shares known to have filled. */
  readonly filled: number;
}

export const wait = (until: number): PositionCommand => ({
  kind: 'wait',
  until: epochMs(Math.ceil(until)),
});

/** Waits until a message comes or the books are due again. */
export const waitForNews = (): PositionCommand => wait(Number.MAX_SAFE_INTEGER);

/** Is there nothing to do until something happens? */
export const isWaitForNews = (command: PositionCommand): boolean =>
  command.kind === 'wait' && command.until === Number.MAX_SAFE_INTEGER;

function knownEntry({ entry, books, reported }: PositionState): KnownEntry {
  const orderId = entry.kind === 'sent' ? entry.orderId : null;
  const shown = orderId === null ? 0 : quantityOf(books?.fills ?? [], orderId);
  return { orderId, filled: Math.max(shown, reported?.quantity ?? 0) };
}

export function readBooks(state: PositionState): PositionCommand {
  const { news, entry, exit, books, earlier } = state;
  return {
    kind: 'readBooks',
    entry: knownEntry(state),
    news,
    orderIds: [
      ...(entry.kind === 'sent' ? [entry.orderId] : []),
      ...exit.unseen.flatMap(({ orderId }) => (orderId === null ? [] : [orderId])),
      ...(books?.orders ?? [])
        .filter(({ orderType }) => orderType === 'OCO')
        .map(({ orderId }) => orderId),
      ...(earlier?.triggers ?? []),
    ],
    sought: [
      ...exit.unseen.flatMap(({ orderId, sought }) =>
        orderId === null && sought !== undefined ? [sought] : [],
      ),
      ...(earlier?.sought ?? []),
    ],
  };
}
