// The KiteTicker in a thread of its own. The library keeps its state in module globals and ends its
// process when it gives up; here both mean this thread only, which the feed then starts anew.
import { parentPort, workerData } from 'node:worker_threads';
import { KiteTicker, type Ticker } from 'kiteconnect';
import { z } from 'zod';
import type { FeedTick, OrderUpdate } from '../port';
import { tickOf, type WireTick } from './rows/tickRow';
import { updateRow } from './rows/updateRow';

const parameters = z.object({
  apiKey: z.string(),
  accessToken: z.string(),
  root: z.string().or(z.undefined()),
  detail: z.boolean(),
});
export type TickerParameters = z.infer<typeof parameters>;
const { apiKey, accessToken, root, detail: wantsDetail } = parameters.parse(workerData);

/** What the thread tells. */
export type TickerMessage =
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly why: string }
  | {
      readonly kind: 'ticks';
      readonly ticks: readonly FeedTick[];
    }
  | { readonly kind: 'orderUpdate'; readonly update: OrderUpdate };

const tell = (message: TickerMessage): void => parentPort?.postMessage(message);
const options = {
  api_key: apiKey,
  access_token: accessToken,
  reconnect: false,
  ...(root === undefined ? {} : { root }),
};
const ticker: Ticker = new KiteTicker(options);

ticker.on('connect', () => tell({ kind: 'connected' }));
ticker.on('ticks', (wire: readonly WireTick[]) => {
  const ticks = wire.flatMap((tick) => tickOf(tick, wantsDetail) ?? []);
  // A feed of nothing readable is a silent one.
  if (ticks.length > 0) tell({ kind: 'ticks', ticks });
});
ticker.on('order_update', (order: unknown) =>
  tell({ kind: 'orderUpdate', update: updateRow(order) }),
);
// The error may carry the URL, and the URL carries the token: only the event's name is passed on.
ticker.on('disconnect', () => tell({ kind: 'lost', why: 'disconnect' }));
ticker.on('error', () => tell({ kind: 'lost', why: 'error' }));
ticker.on('close', () => tell({ kind: 'lost', why: 'close' }));
parentPort?.on('message', (tokens: readonly number[]) => {
  ticker.subscribe([...tokens]);
  ticker.setMode(ticker.modeFull, [...tokens]);
});
ticker.connect();
