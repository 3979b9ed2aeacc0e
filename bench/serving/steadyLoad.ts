// Constant open-loop traffic to one model while something is done to the server, divided into named phases:
// how many requests each phase had, how many failed and how long they took.
import { postBytes, quantileOf, runOpenLoad } from './loadGenerator';

export interface PhaseLine {
  readonly phase: string;
  readonly requests: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface SteadyLoad {
  /** Runs the work under traffic; traffic goes on until it is done and for at least `leastMs`. */
  readonly during: (
    phase: string,
    leastMs: number,
    work: () => Promise<void>,
  ) => Promise<PhaseLine>;
}

const sliceMs = 500;

/** @param bodies JSON bodies, taken in turn. */
export function steadyLoad(
  target: { readonly port: number; readonly model: string },
  ratePerSecond: number,
  bodies: readonly string[],
): SteadyLoad {
  const requests = bodies.map((body) => postBytes(`/v2/models/${target.model}/infer`, body));
  // Counted over all phases, so that none repeats what the last left in a cache.
  let from = 0;
  return {
    during: async (phase, leastMs, work) => {
      const state = { working: true };
      const worked = work().finally(() => (state.working = false));
      // Awaited below; until then a failure must not end the process with its servers running.
      worked.catch(() => undefined);
      const latencies: number[] = [];
      let failed = 0;
      const startedAt = performance.now();
      while (state.working || performance.now() - startedAt < leastMs) {
        const { port } = target;
        const load = { port, connections: 32, durationMs: sliceMs, ratePerSecond, requests };
        const slice = await runOpenLoad({ ...load, from });
        from += slice.requests;
        latencies.push(...slice.latenciesMs);
        failed += slice.errors;
      }
      await worked;
      latencies.sort((left, right) => left - right);
      return {
        phase,
        requests: latencies.length,
        failed,
        p50Ms: quantileOf(latencies, 0.5),
        p99Ms: quantileOf(latencies, 0.99),
      };
    },
  };
}
