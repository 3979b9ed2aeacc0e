// What can happen to a position.
import type { OrderReport, OrderRequest, SendOutcome } from '../orders/order';
import type { TrailingPolicy } from '../trailing';
import type { EpochMs, Paise } from '../units';
import type { BooksReading, ExitReason } from './state';

export type PositionEvent =
  | { readonly kind: 'entrySending' }
  | { readonly kind: 'entryAnswered'; readonly outcome: SendOutcome; readonly at: EpochMs }
  | {
      readonly kind: 'exitAnswered';
      readonly outcome: SendOutcome;
      /** What was placed. */
      readonly order: Pick<OrderRequest, 'tag' | 'quantity' | 'pricing'>;
      readonly at: EpochMs;
    }
  | {
      readonly kind: 'modifyAnswered';
      readonly outcome: SendOutcome;
      readonly orderId: string;
      /** What it was to become. */
      readonly order: Pick<OrderRequest, 'quantity'>;
      readonly at: EpochMs;
    }
  | { readonly kind: 'cancelAnswered' }
  /** `news` is the count the readBooks command carried. Whatever happened after it is not in this reading. */
  | { readonly kind: 'booksRead'; readonly reading: BooksReading; readonly news: number }
  /** Prices that left the band since the last signal, oldest first. */
  | {
      readonly kind: 'crossed';
      /** Of the sender's start; 0 where it tells none. */
      readonly epoch: number;
      readonly seq: number;
      readonly path: readonly Paise[];
      readonly at: EpochMs;
    }
  | { readonly kind: 'hinted' }
  /** An order with our tag has changed, and this is what was told of it; `at` host clock. */
  | { readonly kind: 'reported'; readonly report: OrderReport; readonly at: EpochMs }
  | { readonly kind: 'tightened'; readonly stop: Paise }
  /** With `force` the new policy's stop may be looser than the one that rests. */
  | { readonly kind: 'policyChanged'; readonly policy: TrailingPolicy; readonly force: boolean }
  | { readonly kind: 'exitWanted'; readonly reason: ExitReason; readonly at: EpochMs }
  | { readonly kind: 'carried' }
  | { readonly kind: 'finished' };
