// One measurement of a server under closed-loop load, and the medians of several.
import { quantileOf, runLoad, type LoadOptions } from './loadGenerator';
import { usageOf, type BenchServer } from './servers';

/** Warm-up before each measurement, so that run-time compilation is not measured. */
const warmUpMs = 1_500;

export interface Sample {
  readonly rps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicrosPerRequest: number;
  readonly errors: number;
}

/** Loads the server for the duration, after a warm-up. */
export async function measure(
  { port, pid }: BenchServer,
  load: Omit<LoadOptions, 'port'>,
): Promise<Sample> {
  // The warm-up's requests may be in a cache, so the measurement continues after them.
  const { requests: from } = await runLoad({ ...load, port, durationMs: warmUpMs });
  const before = usageOf(pid).cpuMs;
  const result = await runLoad({ ...load, port, from });
  const cpuMs = usageOf(pid).cpuMs - before;
  return {
    rps: result.requests / result.seconds,
    p50Ms: quantileOf(result.latenciesMs, 0.5),
    p99Ms: quantileOf(result.latenciesMs, 0.99),
    cpuMicrosPerRequest: (cpuMs * 1_000) / result.requests,
    errors: result.errors,
  };
}

/** The median of every figure. */
export function medians(samples: readonly Sample[]): Record<keyof Sample, number> {
  const median = (key: keyof Sample): number => {
    const sorted = samples.map((sample) => sample[key]).sort((left, right) => left - right);
    return round(quantileOf(sorted, 0.5));
  };
  return {
    rps: median('rps'),
    p50Ms: median('p50Ms'),
    p99Ms: median('p99Ms'),
    cpuMicrosPerRequest: median('cpuMicrosPerRequest'),
    errors: median('errors'),
  };
}

export const round = (number: number): number => Math.round(number * 10_000) / 10_000;
