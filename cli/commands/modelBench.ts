// `ratchet models bench`: how fast a served model answers from here. Inputs are drawn inside its declared
// ranges, so that every request is new. Closed loop: each connection sends when its last request was
// answered.
import { Command } from 'commander';
import { z } from 'zod';
import {
  modelServerOf,
  withServer,
  type ModelServerClient,
  type ServerFlags,
} from '../modelServer';
import { print } from '../text/output';

const bounds = z.union([z.number(), z.array(z.number())]).optional();
const configSchema = z.object({
  inputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.number()),
      min: bounds,
      max: bounds,
    }),
  ),
});
type Inputs = z.infer<typeof configSchema>['inputs'];

interface BenchFlags extends ServerFlags {
  readonly seconds: string;
  readonly concurrency: string;
}

/** One row of every input, uniform inside its bounds. */
function drawRequest(inputs: Inputs): object {
  return {
    inputs: inputs.map(({ name, datatype, shape, min, max }) => {
      const dimensions = shape.map((dimension) => Math.max(dimension, 1));
      const count = dimensions.reduce((product, dimension) => product * dimension, 1);
      const values = Array.from({ length: count }, (_, index) => {
        const low = (Array.isArray(min) ? min[index] : min) ?? -1;
        const high = (Array.isArray(max) ? max[index] : max) ?? Math.max(low, 1);
        const value = low + Math.random() * (high - low);
        return datatype.startsWith('FP') ? Math.fround(value) : Math.floor(value);
      });
      return { name, datatype, shape: dimensions, data: values };
    }),
  };
}

interface Sample {
  readonly requests: number;
  readonly failures: number;
  readonly rps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function measure(
  server: ModelServerClient,
  model: string,
  load: { readonly concurrency: number; readonly seconds: number },
): Promise<Sample> {
  const path = `/v2/models/${encodeURIComponent(model)}`;
  const { inputs } = configSchema.parse(await server.get(`${path}/config`));
  const latencies: number[] = [];
  let failures = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + load.seconds * 1_000;
  const connection = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      await server.post(`${path}/infer`, drawRequest(inputs)).catch(() => (failures += 1));
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, connection));
  const elapsed = (performance.now() - startedAt) / 1_000;
  latencies.sort((left, right) => left - right);
  const at = (share: number): number =>
    latencies[Math.min(Math.floor(latencies.length * share), latencies.length - 1)] ?? 0;
  return {
    requests: latencies.length,
    failures,
    rps: latencies.length / elapsed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

export function benchCommand(): Command {
  const command = new Command('bench')
    .description('how fast a model answers from here')
    .argument('<model>')
    .option('--seconds <n>', 'how long', '5')
    .option('--concurrency <n>', 'connections', '8');
  return withServer(command).action(async (model: string, flags: BenchFlags) => {
    const load = { seconds: Number(flags.seconds), concurrency: Number(flags.concurrency) };
    const sample = await measure(modelServerOf(flags), model, load);
    print(flags.json === true, { model, ...load, ...sample }, () => [
      `${model}: ${sample.rps.toFixed(0)} requests/s, p50 ${sample.p50Ms.toFixed(2)} ms, p99 ${sample.p99Ms.toFixed(2)} ms, ${sample.failures} of ${sample.requests} failed`,
    ]);
  });
}
