// What a position can want done.
import type { OrderRequest } from '../orders/order';
import { epochMs, type EpochMs } from '../units';
import type { PositionState } from './state';

export type PositionCommand =
  | { readonly kind: 'sendEntry'; readonly order: OrderRequest }
  | { readonly kind: 'placeExit'; readonly order: OrderRequest }
  | { readonly kind: 'modifyExit'; readonly orderId: string; readonly order: OrderRequest }
  | { readonly kind: 'cancel'; readonly orderId: string; readonly why: string }
  /** `news` goes back with the reading; trades of `orderIds` are ours even where their order is not listed. */
  | { readonly kind: 'readBooks'; readonly news: number; readonly orderIds: readonly string[] }
  | { readonly kind: 'wantExit'; readonly reason: 'squareOff' | 'stop' | 'stopRefused' }
  | { readonly kind: 'finish' }
  /** Nothing to do before `until` (host clock) unless a message comes. */
  | { readonly kind: 'wait'; readonly until: EpochMs };

export const wait = (until: number): PositionCommand => ({
  kind: 'wait',
  until: epochMs(Math.ceil(until)),
});

/** Until a message or the next reading of the books. */
export const waitForNews = (): PositionCommand => wait(Number.MAX_SAFE_INTEGER);

export const readBooks = ({ news, entry, exit }: PositionState): PositionCommand => ({
  kind: 'readBooks',
  news,
  orderIds: [
    ...(entry.kind === 'sent' ? [entry.orderId] : []),
    ...exit.unseen.flatMap(({ orderId }) => (orderId === null ? [] : [orderId])),
  ],
});
