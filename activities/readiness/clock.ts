// This machine's clock against the broker's, by as few questions as decide it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerReader } from '../../broker/port';
import {
  clockBounds,
  isClockDecided,
  type ClockBounds,
  type ClockSample,
} from '../../domain/readiness';
import { epochMs } from '../../domain/units';

/** Answers a part of a second apart show where the broker's second begins. */
const apartMs = 230;
const samplesMax = 5;

/** @throws BrokerFailure when the broker does not answer; Error when a clock was set meanwhile. */
export async function readClock(
  broker: Pick<BrokerReader, 'serverTime'>,
  now: () => number = Date.now,
): Promise<ClockBounds> {
  const samples: ClockSample[] = [];
  for (;;) {
    const askedAt = epochMs(now());
    const told = await broker.serverTime();
    samples.push({ askedAt, told, answeredAt: epochMs(now()) });
    const bounds = clockBounds(samples);
    if (bounds === null) throw new Error('a clock was set while it was compared');
    if (isClockDecided(bounds) || samples.length === samplesMax) return bounds;
    await sleep(apartMs);
  }
}
