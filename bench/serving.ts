// Side by side in one run: our model server, FastAPI plain and tuned, and Triton, serving the same 32-feature
// network. Rounds are interleaved and medians reported, because this kind of machine swings by 40 %.
// One JSON line per server and concurrency. Usage: serving [--seconds N] [--rounds N]
// [--concurrency 1,16,64].
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { graph, floatTensor, model, node, value } from '../test/serving/support/onnxWriter';
import { ModelFolder } from '../test/serving/support/modelFolder';
import { runCanaryLoad } from './serving/canaryLoad';
import { postBytes, quantileOf, runLoad, runOpenLoad } from './serving/loadGenerator';
import { startTriton } from './serving/tritonServer';
import { pythonOf, startFastApi, startRatchet, usageOf, type BenchServer } from './serving/servers';

const features = 32;
/** Before every measurement: what a compiler at run time still has to learn is not what is measured. */
const warmUpMs = 1_500;
/** More bodies than the result cache holds, so that no answer comes from it. */
const bodies = 20_000;

const models = ['mlp', 'second', 'third'];
const contract = {
  inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, features], min: -10, max: 10 }],
  outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1, 1], min: 0, max: 1 }],
};
const adminToken = randomBytes(32).toString('hex');

interface Sample {
  readonly rps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicrosPerRequest: number;
  readonly errors: number;
}

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
    await openLoop(servers, seconds * 2_000);
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
    await startFastApi('fastapi-tuned', python, modelPath),
    ...(triton === undefined ? [] : [triton]),
  ];
}

async function compare(
  servers: readonly BenchServer[],
  concurrencies: readonly number[],
  { rounds, durationMs }: { readonly rounds: number; readonly durationMs: number },
): Promise<void> {
  const requests = makeRequests();
  for (const concurrency of concurrencies) {
    const samples = new Map<BenchServer, Sample[]>(servers.map((server) => [server, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const server of servers) {
        const sample = await measure(server, concurrency, durationMs, requests);
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
      });
    }
  }
}

async function measure(
  server: BenchServer,
  connections: number,
  durationMs: number,
  requests: readonly Buffer[],
): Promise<Sample> {
  const { port, pid } = server;
  await runLoad({ port, connections, durationMs: warmUpMs, requests });
  const before = usageOf(pid).cpuMs;
  const result = await runLoad({ port, connections, durationMs, requests });
  const cpuMs = usageOf(pid).cpuMs - before;
  return {
    rps: result.requests / result.seconds,
    p50Ms: quantileOf(result.latenciesMs, 0.5),
    p99Ms: quantileOf(result.latenciesMs, 0.99),
    cpuMicrosPerRequest: (cpuMs * 1_000) / result.requests,
    errors: result.errors,
  };
}

async function openLoop(servers: readonly BenchServer[], durationMs: number): Promise<void> {
  const requests = makeRequests();
  for (const server of servers) {
    const { port, name } = server;
    const load = { port, connections: 32, durationMs, ratePerSecond: 500, requests };
    const { latenciesMs, errors } = await runOpenLoad(load);
    const under = latenciesMs.filter((latency) => latency < 10).length / latenciesMs.length;
    print({
      server: name,
      openLoopRps: 500,
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

function medians(samples: readonly Sample[]): Record<keyof Sample, number> {
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

const makeRequests = (): readonly Buffer[] =>
  makeBodies().map((body) => postBytes('/v2/models/mlp/infer', body));

function makeBodies(): readonly string[] {
  return Array.from({ length: bodies }, (_, index) => {
    const values = Array.from({ length: features }, (_each, at) =>
      round(wave(index * features + at)),
    );
    const input = { name: 'features', datatype: 'FP32', shape: [1, features], data: values };
    return JSON.stringify({ inputs: [input] });
  });
}

/** 32 → 128 → 64 → 1 with fixed weights: the network reference serving.md measures. */
function networkModel(): Buffer {
  const widths = [features, 128, 64, 1];
  const layers = widths
    .slice(1)
    .map((width, index) => ({ from: widths[index] ?? 0, width, index }));
  return model(
    graph({
      nodes: layers.flatMap(({ index }) => [
        node({
          op: 'Gemm',
          inputs: [index === 0 ? 'features' : `h${index - 1}`, `w${index}`, `b${index}`],
          outputs: [`z${index}`],
        }),
        index === layers.length - 1
          ? node({ op: 'Sigmoid', inputs: [`z${index}`], outputs: ['probability'] })
          : node({ op: 'Relu', inputs: [`z${index}`], outputs: [`h${index}`] }),
      ]),
      inputs: [value({ name: 'features', shape: ['rows', features] })],
      outputs: [value({ name: 'probability', shape: ['rows', 1] })],
      initializers: layers.flatMap(({ from, width, index }) => [
        floatTensor(`w${index}`, [from, width], spread(from * width, index)),
        floatTensor(`b${index}`, [width], spread(width, index + 7)),
      ]),
    }),
  );
}

const spread = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, at) => wave(at + seed * 1_000) / 16);

/** A fixed number in [−1, 1) that looks like chance. */
const wave = (index: number): number => (Math.sin(index * 12.9898) * 43_758.5453) % 1 || 0;

const round = (number: number): number => Math.round(number * 10_000) / 10_000;
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
