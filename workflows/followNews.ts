// News in parallel with the bars: sentiment is refreshed on its own timer, and the bar loop never waits for
// it. A source that could not be read is in the day's status. One that stays unreadable is an alert, once a
// day.
import { proxyActivities } from '@temporalio/workflow';
import type { NewsActivities } from '../activities/news';
import type { ScreenedStock } from '../domain/market/screen';
import { lastEntryInstant, marketTime } from '../domain/session/sessionPlan';
import { now, sleepUntil } from './hostClock';
import { marketQueue, type NewsView } from './messages';
import { analysis } from './policies';
import type { AlertOutbox } from './raiseAlert';
import type { ReconcileContext } from './reconciliation';

const news = proxyActivities<NewsActivities>({ ...analysis, taskQueue: marketQueue });

const everyMarketMs = 10 * 60_000;
/** Least time between two passes on a compressed clock, so that sources are not asked without pause. */
const everyMinMs = 1_000;
/** Failures in a row before a source is reported. One failure may be over a minute later. */
const deadAfterTimes = 3;

/** Refreshes the sentiment until entries end. */
export async function followNews(
  { input: { account }, state, plan, outbox }: ReconcileContext,
  screened: readonly ScreenedStock[],
): Promise<void> {
  const stocks = screened.map((stock) => stock.tradingsymbol);
  const reported = new Set<string>();
  while (now() < lastEntryInstant(plan)) {
    const asOf = marketTime(plan.clock, now());
    // After a failed pass the last views stay until they are too old; then the stocks are neutral.
    const reading = await news.refreshSentiment({ account, stocks, asOf }).catch(() => null);
    if (reading === null) outbox.raise('sentiment.stale', 'news', { since: asOf });
    else {
      state.newsRead(reading);
      raiseDead(reading, reported, outbox);
    }
    await sleepUntil(now() + Math.max(everyMinMs, everyMarketMs / plan.clock.speed));
  }
}

function raiseDead({ failures }: NewsView, reported: Set<string>, outbox: AlertOutbox): void {
  for (const { source, why, timesInARow } of failures) {
    if (timesInARow < deadAfterTimes || reported.has(source)) continue;
    reported.add(source);
    outbox.raise('sentiment.source_failed', source, { source, why, timesInARow });
  }
}
