// Measures in one run our model server, FastAPI (async, in threads, tuned) and Triton, serving the same
// 32-feature network. Rounds are interleaved and medians printed, because this kind of machine varies by 40
// %. One JSON line per server and concurrency. Usage: serving [--seconds N] [--rounds N] [--concurrency
// 1,16,64].
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { ModelFolder } from '../test/serving/support/modelFolder';
import { runCanaryLoad } from './serving/canaryLoad';
import { quantileOf, runOpenLoad } from './serving/loadGenerator';
import { measure, medians, round, type Sample } from './serving/measure';
import { contract, makeBodies, makeRequests, networkModel } from './serving/network';
import { startTriton } from './serving/tritonServer';
import {
  proportionalMiB,
  pythonOf,
  startFastApi,
  startRatchet,
  usageOf,
  type BenchServer,
} from './serving/servers';

const models = ['mlp', 'second', 'third'];
const adminToken = randomBytes(32).toString('hex');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '3' },
      concurrency: { type: 'string', default: '1,16,64' },
    },
  });
  const folder = new ModelFolder();
  for (const name of models) folder.add(name, '1', networkModel(), contract);
  const ratchet = await startRatchet(folder.path, adminToken);
  const servers = [ratchet, ...(await startPeers(folder.path))];
  try {
    const seconds = Number(values.seconds);
    const concurrencies = values.concurrency.split(',').map(Number);
    await compare(servers, concurrencies, {
      rounds: Number(values.rounds),
      durationMs: seconds * 1_000,
    });
    // One rate after the other, so that the second does not ask for what the first left in a cache.
    const rates = [500, 1_000].map((ratePerSecond, index) => ({
      ratePerSecond,
      from: index * 10_000,
    }));
    for (const rate of rates) await openLoop(servers, rate, seconds * 2_000);
    folder.add('mlp', '2', networkModel(), contract);
    await canaryLoop(ratchet, seconds * 2_000);
  } finally {
    for (const server of servers) await server.stop();
    folder.remove();
  }
}

async function startPeers(models: string): Promise<BenchServer[]> {
  const python = pythonOf();
  if (python === undefined) {
    process.stderr.write(
      'python3 or its packages are not available: only our server is measured\n',
    );
    return [];
  }
  const modelPath = join(models, 'mlp', '1', 'model.onnx');
  const triton = await startTriton(modelPath);
  if (triton === undefined) {
    process.stderr.write('a Python 3.12 with a shared library is not available: no Triton\n');
  }
  return [
    await startFastApi('fastapi', python, modelPath),
    await startFastApi('fastapi-def', python, modelPath),
    await startFastApi('fastapi-tuned', python, modelPath),
    ...(triton === undefined ? [] : [triton]),
  ];
}

async function compare(
  servers: readonly BenchServer[],
  concurrencies: readonly number[],
  { rounds, durationMs }: { readonly rounds: number; readonly durationMs: number },
): Promise<void> {
  const requests = makeRequests('mlp');
  for (const concurrency of concurrencies) {
    const samples = new Map<BenchServer, Sample[]>(servers.map((server) => [server, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const server of servers) {
        const sample = await measure(server, { connections: concurrency, durationMs, requests });
        samples.get(server)?.push(sample);
      }
    }
    for (const server of servers) {
      const taken = samples.get(server) ?? [];
      const { residentBytes } = usageOf(server.pid);
      print({
        server: server.name,
        concurrency,
        ...medians(taken),
        residentMiB: Math.round(residentBytes / 2 ** 20),
        proportionalMiB: proportionalMiB(server.pid),
      });
    }
  }
}

async function openLoop(
  servers: readonly BenchServer[],
  { ratePerSecond, from }: { readonly ratePerSecond: number; readonly from: number },
  durationMs: number,
): Promise<void> {
  const requests = makeRequests('mlp');
  for (const server of servers) {
    const { port, name } = server;
    const load = { port, connections: 32, durationMs, ratePerSecond, requests, from };
    const { latenciesMs, errors } = await runOpenLoad(load);
    const under = latenciesMs.filter((latency) => latency < 10).length / latenciesMs.length;
    print({
      server: name,
      openLoopRps: ratePerSecond,
      p50Ms: round(quantileOf(latenciesMs, 0.5)),
      p99Ms: round(quantileOf(latenciesMs, 0.99)),
      under10MsShare: round(under),
      errors,
    });
  }
}

async function canaryLoop(server: BenchServer, phaseMs: number): Promise<void> {
  const load = { server, adminToken, ratePerSecond: 500, phaseMs, models, bodies: makeBodies() };
  for (const line of await runCanaryLoad(load)) {
    print({ server: server.name, models: models.length, openLoopRps: 500, ...line });
  }
}

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
