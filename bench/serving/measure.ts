// One measurement of a server under closed-loop load, and the medians of several.
import { quantileOf, runLoad, type LoadOptions } from './loadGenerator';
import { usageOf, type BenchServer } from './servers';

/** Before every measurement: what a compiler at run time still has to learn is not what is measured. */
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
  // What the warm-up has asked may stand in a cache, so the measurement goes on where it ended.
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
