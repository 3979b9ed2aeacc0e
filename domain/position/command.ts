// What a position can want done.
import type { OrderRequest } from '../orders/order';
import type { SoughtTrigger } from '../orders/trigger';
import { epochMs, type EpochMs } from '../units';
import type { PositionState } from './state';

export type PositionCommand =
  | { readonly kind: 'sendEntry'; readonly order: OrderRequest }
  | { readonly kind: 'placeExit'; readonly order: OrderRequest }
  | { readonly kind: 'modifyExit'; readonly orderId: string; readonly order: OrderRequest }
  | { readonly kind: 'cancel'; readonly orderId: string; readonly why: string }
  /** `news` goes back with the reading. */
  | ({ readonly kind: 'readBooks'; readonly news: number } & KnownAs)
  | { readonly kind: 'wantExit'; readonly reason: 'squareOff' | 'stop' | 'target' | 'stopRefused' }
  /** The session is over and the position goes on into the next one. */
  | { readonly kind: 'carry' }
  | { readonly kind: 'finish' }
  /** Nothing to do before `until` (host clock) unless a message comes. */
  | { readonly kind: 'wait'; readonly until: EpochMs };

/** By what our orders are known besides their tag. */
export interface KnownAs {
  /** Ours by the broker's answer: their trades are, too, even where the order is not listed. */
  readonly orderIds: readonly string[];
  /** Triggers that were asked for without an answer. */
  readonly sought: readonly SoughtTrigger[];
}

export const wait = (until: number): PositionCommand => ({
  kind: 'wait',
  until: epochMs(Math.ceil(until)),
});

/** Until a message or the next reading of the books. */
export const waitForNews = (): PositionCommand => wait(Number.MAX_SAFE_INTEGER);

/** Is there nothing to do until something happens? */
export const isWaitForNews = (command: PositionCommand): boolean =>
  command.kind === 'wait' && command.until === Number.MAX_SAFE_INTEGER;

export const readBooks = ({
  news,
  entry,
  exit,
  books,
  earlier,
}: PositionState): PositionCommand => ({
  kind: 'readBooks',
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
});
