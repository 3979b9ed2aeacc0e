// Is the feed heard? A lost connection that comes back at once is nothing; one that stays away, or comes back and
// brings nothing, is told while the market trades.
import { epochMs, type EpochMs } from '../units';

/** A lost connection may take this long to come back, host milliseconds. */
export const feedLostAfterMs = 5_000;

/** Instants are on the host's clock. */
export interface FeedWatch {
  /** Since when nothing has come; null while prices come. */
  readonly unheardSince: EpochMs | null;
  readonly told: boolean;
}

export const heardFeed: FeedWatch = { unheardSince: null, told: false };

/** The connection is lost, or given up because nothing came. */
export const feedLost = (watch: FeedWatch, at: EpochMs): FeedWatch => ({
  ...watch,
  unheardSince: watch.unheardSince ?? at,
});

/** What is to be told of the feed now. */
export interface FeedNews {
  readonly watch: FeedWatch;
  readonly news: { readonly kind: 'lost' | 'back'; readonly since: EpochMs } | null;
}

/** Prices have come. */
export const feedHeard = ({ unheardSince, told }: FeedWatch): FeedNews => ({
  watch: heardFeed,
  news: told && unheardSince !== null ? { kind: 'back', since: unheardSince } : null,
});

/** Looks again. @param trades does the market trade now, with stocks to watch? */
export function feedLooked(watch: FeedWatch, now: EpochMs, trades: boolean): FeedNews {
  const { unheardSince, told } = watch;
  const isLost = unheardSince !== null && now >= epochMs(unheardSince + feedLostAfterMs);
  return isLost && trades && !told
    ? { watch: { ...watch, told: true }, news: { kind: 'lost', since: unheardSince } }
    : { watch, news: null };
}
