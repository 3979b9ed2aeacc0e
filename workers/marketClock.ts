import { z } from 'zod';
import type { MarketClock } from '../domain/session/sessionPlan';
import { epochMs } from '../domain/units';
import type { WorkerEnvironment } from './environment';

const reply = z.object({
  data: z.object({ marketAt: z.number(), hostAt: z.number(), speed: z.number().positive() }),
});

/** Reads the market's clock: live it is the host's own, on paper the exchange tells it. */
export function marketClockOf({
  broker,
}: Pick<WorkerEnvironment, 'broker'>): () => Promise<MarketClock> {
  if (broker.mode === 'live') {
    return () =>
      Promise.resolve({ marketAt: epochMs(Date.now()), hostAt: epochMs(Date.now()), speed: 1 });
  }
  return async () => {
    const answer = await fetch(`${broker.address.rest ?? ''}/paper/clock`, {
      signal: AbortSignal.timeout(5_000),
    });
    const { marketAt, hostAt, speed } = reply.parse(await answer.json()).data;
    return { marketAt: epochMs(Math.round(marketAt)), hostAt: epochMs(Math.round(hostAt)), speed };
  };
}
