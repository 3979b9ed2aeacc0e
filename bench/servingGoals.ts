// Goals that do not compare servers: what batching gains on a larger model, reloading an 89 MB model beside
// traffic, and replacing a model 200 times while it is asked. One JSON line each. Usage: servingGoals
// [--cycles N] [--swaps N].
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { logisticConfig, ModelFolder } from '../test/serving/support/modelFolder';
import {
  floatTensor,
  graph,
  logisticModel,
  model,
  node,
  value,
} from '../test/serving/support/onnxWriter';
import { whileHealthIsAsked } from './serving/healthWatch';
import { postBytes } from './serving/loadGenerator';
import { measure } from './serving/measure';
import { startRatchet, usageOf, type BenchServer } from './serving/servers';
import { steadyLoad } from './serving/steadyLoad';

const admin = randomBytes(32).toString('hex');
const bodies = Array.from({ length: 20_000 }, (_, index) =>
  JSON.stringify({
    inputs: [{ name: 'features', datatype: 'FP32', shape: [1, 2], data: [index / 10_000, 1] }],
  }),
);

/** 2 → width → width → 1: 4 bytes for each of about width² weights. */
function wideModel(width: number): Buffer {
  const tensor = (name: string, dims: readonly [number, number]): Buffer =>
    floatTensor(name, dims, new Array<number>(dims[0] * dims[1]).fill(1 / width));
  return model(
    graph({
      nodes: [
        node({ op: 'MatMul', inputs: ['features', 'widen'], outputs: ['wide'] }),
        node({ op: 'MatMul', inputs: ['wide', 'square'], outputs: ['hidden'] }),
        node({ op: 'MatMul', inputs: ['hidden', 'narrow'], outputs: ['logit'] }),
        node({ op: 'Sigmoid', inputs: ['logit'], outputs: ['probability'] }),
      ],
      inputs: [value({ name: 'features', shape: ['rows', 2] })],
      outputs: [value({ name: 'probability', shape: ['rows', 1] })],
      initializers: [
        tensor('widen', [2, width]),
        tensor('square', [width, width]),
        tensor('narrow', [width, 1]),
      ],
    }),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cycles: { type: 'string', default: '200' },
      swaps: { type: 'string', default: '10' },
    },
  });
  const folder = new ModelFolder();
  const middle = wideModel(1_550);
  folder.add('asked', '1', logisticModel([1, 1], 0), logisticConfig(2));
  folder.add('batched', '1', middle, logisticConfig(2));
  folder.add('single', '1', middle, { ...logisticConfig(2), maxBatchRows: 1 });
  folder.add('large', '1', wideModel(4_700), logisticConfig(2));
  const server = await startRatchet(folder.path, admin);
  try {
    await batchingGain(server);
    await reloads(server, { model: 'large', times: Number(values.swaps) });
    await reloads(server, { model: 'asked', times: Number(values.cycles) });
  } finally {
    await server.stop();
    folder.remove();
  }
}

/** The same model with and without shared runs, 64 connections. */
async function batchingGain(server: BenchServer): Promise<void> {
  const rps: number[] = [];
  for (const name of ['batched', 'single']) {
    const requests = bodies.map((body) => postBytes(`/v2/models/${name}/infer`, body));
    const sample = await measure(server, { connections: 64, durationMs: 3_000, requests });
    rps.push(sample.rps);
  }
  const [batched = 0, single = 0] = rps;
  print({ goal: 'batching', batchedRps: batched, singleRps: single, gain: batched / single });
}

/** Reloads a model again and again beside 500 requests a second to `asked`. */
async function reloads(
  server: BenchServer,
  { model: name, times }: { readonly model: string; readonly times: number },
): Promise<void> {
  const url = `http://127.0.0.1:${server.port}/v2/repository/models/${name}/load`;
  const headers = { Authorization: `Bearer ${admin}` };
  const load = steadyLoad({ port: server.port, model: 'asked' }, 500, bodies);
  const resident: number[] = [];
  const work = async (): Promise<void> => {
    for (let done = 0; done < times; done += 1) {
      const reply = await fetch(url, { method: 'POST', headers });
      if (!reply.ok) throw new Error(await reply.text());
      resident.push(Math.round(usageOf(server.pid).residentBytes / 2 ** 20));
    }
  };
  print({
    goal: 'quiet',
    ...(await load.during('nothing happens', 3_000, () => Promise.resolve())),
  });
  const health = await whileHealthIsAsked(server.port, async () => {
    print({ goal: 'reload', reloaded: name, times, ...(await load.during('reloads', 0, work)) });
  });
  print({ goal: 'reload', ...health, residentMiB: [resident[4], resident.at(-1)] });
}

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
