// Open loop over three models while one of them is rolled out: first mirrored, then a canary at 10 %. Prints
// how many answers came within 10 ms, and how many the canary gave.
import { postBytes, quantileOf, runOpenLoad } from './loadGenerator';
import type { BenchServer } from './servers';

export interface CanaryLoadOptions {
  readonly server: BenchServer;
  readonly adminToken: string;
  readonly ratePerSecond: number;
  readonly phaseMs: number;
  /** Names of the models asked in turn; the first has the rollout to version 2. */
  readonly models: readonly string[];
  readonly bodies: readonly string[];
}

export interface CanaryLoadLine {
  readonly phase: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly under10MsShare: number;
  readonly errors: number;
}

/** One line without a rollout, one while it is mirrored, one with the canary live. */
export async function runCanaryLoad(options: CanaryLoadOptions): Promise<CanaryLoadLine[]> {
  const requests = options.bodies.map((body, index) =>
    postBytes(`/v2/models/${options.models[index % options.models.length] ?? ''}/infer`, body),
  );
  const lines: CanaryLoadLine[] = [];
  let from = 0;
  const measure = async (): Promise<void> => {
    const { port } = options.server;
    const { ratePerSecond, phaseMs: durationMs } = options;
    const load = { port, connections: 32, durationMs, ratePerSecond, requests, from };
    const before = await phaseOf(options);
    const { latenciesMs, errors } = await runOpenLoad(load);
    // Each phase continues where the last ended, since earlier requests may be in a cache.
    from += latenciesMs.length;
    const after = await phaseOf(options);
    lines.push({
      phase: before === after ? before : `${before} to ${after}`,
      p50Ms: quantileOf(latenciesMs, 0.5),
      p99Ms: quantileOf(latenciesMs, 0.99),
      under10MsShare: latenciesMs.filter((latency) => latency < 10).length / latenciesMs.length,
      errors,
    });
  };
  await measure();
  await admin(options, 'rollout', {
    candidate: '2',
    by: 'bench',
    reason: 'measurement',
    policy: { canaryPercents: [10, 11], minSamples: 100, minStepMs: 1_000 },
  });
  await measure();
  await measure();
  return lines;
}

async function phaseOf(options: CanaryLoadOptions): Promise<string> {
  const report = (await admin(options, 'rollout')) as { phase?: { kind: string } };
  return report.phase?.kind ?? 'no rollout';
}

async function admin(options: CanaryLoadOptions, path: string, body?: object): Promise<unknown> {
  const url = `http://127.0.0.1:${options.server.port}/v2/admin/models/${options.models[0] ?? ''}/${path}`;
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      Authorization: `Bearer ${options.adminToken}`,
      'Content-Type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return await response.json();
}
