// Tells people when the feed is not heard while the market trades, and when it is again.
import {
  feedHeard,
  feedLooked,
  feedLost,
  heardFeed,
  type FeedNews,
  type FeedWatch,
} from '../domain/market/feedWatch';
import { epochMs } from '../domain/units';
import type { RaiseOwnAlert } from './raiseAlert';

const lookEveryMs = 1_000;

export class FeedWatcher {
  readonly #raise: RaiseOwnAlert;
  readonly #looking: NodeJS.Timeout;
  #watch: FeedWatch = heardFeed;

  /** @param trades does the market trade now, with stocks to watch? */
  constructor(raise: RaiseOwnAlert, trades: () => boolean) {
    this.#raise = raise;
    this.#looking = setInterval(
      () => this.#take(feedLooked(this.#watch, epochMs(Date.now()), trades())),
      lookEveryMs,
    );
  }

  lost(): void {
    this.#watch = feedLost(this.#watch, epochMs(Date.now()));
  }

  heard(): void {
    this.#take(feedHeard(this.#watch));
  }

  stop(): void {
    clearInterval(this.#looking);
  }

  #take({ watch, news }: FeedNews): void {
    this.#watch = watch;
    if (news === null) return;
    const seconds = Math.round((Date.now() - news.since) / 1_000);
    const type = news.kind === 'lost' ? 'feed.lost' : 'feed.back';
    void this.#raise(type, String(news.since), { seconds });
  }
}
