import type { EpochMs, Paise } from '../../domain/units';

/** A price with when it traded or was heard of, host clock. */
export interface LastPrice {
  readonly ltp: Paise;
  readonly at: EpochMs;
}
