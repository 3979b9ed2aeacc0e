import { z } from 'zod';
import { Fatal } from '../domain/errors';
import type { MarketClock } from '../domain/session/sessionPlan';
import { epochMs } from '../domain/units';
import type { VariableName } from '../infra/environment/variables';
import type { WorkerEnvironment } from './environment';

const clock = z.object({
  marketAt: z.number(),
  hostAt: z.number(),
  speed: z.number().positive(),
});
const reply = z.object({ data: clock });

const standIn = 'RATCHET_STAND_IN_CLOCK' satisfies VariableName;

/** Reads the market's clock: live it is the host's own, on paper the exchange tells it. */
export function marketClockOf({ broker, config }: WorkerEnvironment): () => Promise<MarketClock> {
  if (broker.mode === 'live') {
    const told = standInClock(process.env[standIn], config.brokerUrl);
    return () =>
      Promise.resolve(
        told ?? { marketAt: epochMs(Date.now()), hostAt: epochMs(Date.now()), speed: 1 },
      );
  }
  return async () => {
    const answer = await fetch(`${broker.address.rest ?? ''}/paper/clock`, {
      signal: AbortSignal.timeout(5_000),
    });
    return inWholeMs(reply.parse(await answer.json()).data);
  };
}

const inWholeMs = ({ marketAt, hostAt, speed }: z.infer<typeof clock>): MarketClock => ({
  marketAt: epochMs(Math.round(marketAt)),
  hostAt: epochMs(Math.round(hostAt)),
  speed,
});

/**
 * The clock of a stand-in that trades at another hour than it is; null: the host's.
 * @throws Fatal where no stand-in is named: the broker itself knows no other clock than the host's.
 */
export function standInClock(
  text: string | undefined,
  brokerUrl: string | undefined,
): MarketClock | null {
  if (text === undefined) return null;
  if (brokerUrl === undefined)
    throw new Fatal({
      code: 'MODE',
      message: `${standIn} is for a stand-in and must not be set without brokerUrl`,
    });
  return inWholeMs(clock.parse(JSON.parse(text)));
}
