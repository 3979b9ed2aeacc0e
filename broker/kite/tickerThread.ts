// The KiteTicker in a thread of its own. The library keeps its state in module globals and ends its
// process when it gives up; here both mean this thread only, which the feed then starts anew.
import { parentPort, workerData } from 'node:worker_threads';
import { KiteTicker, type Ticker } from 'kiteconnect';
import { z } from 'zod';
import { epochMs, paiseFromRupees } from '../../domain/units';
import type { FeedTick, OrderUpdate } from '../port';
import { dayShape, depthShape } from './rows/marketRows';
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

interface WireTick {
  readonly instrument_token: number;
  readonly last_price: number;
  readonly volume_traded?: number;
  readonly exchange_timestamp?: Date | null;
  readonly depth?: unknown;
  readonly ohlc?: unknown;
}

/** Depth that cannot be read is none: the price is worth more than the tick's other parts. */
function detailOf({ depth, ohlc }: WireTick): Pick<FeedTick, 'detail'> {
  if (!wantsDetail) return {};
  const [found, day] = [depthShape.safeParse(depth), dayShape.safeParse(ohlc)];
  return found.success && day.success ? { detail: { depth: found.data, day: day.data } } : {};
}

const tell = (message: TickerMessage): void => parentPort?.postMessage(message);
const options = {
  api_key: apiKey,
  access_token: accessToken,
  reconnect: false,
  ...(root === undefined ? {} : { root }),
};
const ticker: Ticker = new KiteTicker(options);

ticker.on('connect', () => tell({ kind: 'connected' }));
ticker.on('ticks', (ticks: readonly WireTick[]) => {
  tell({
    kind: 'ticks',
    ticks: ticks.flatMap((tick) => {
      const at = tick.exchange_timestamp?.getTime();
      return at === undefined
        ? []
        : [
            {
              token: tick.instrument_token,
              price: paiseFromRupees(tick.last_price),
              volume: tick.volume_traded ?? 0,
              at: epochMs(at),
              ...detailOf(tick),
            },
          ];
    }),
  });
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
