// Memory over 200 load and unload cycles of a model, and over a million requests: resident memory of the server
// with its scorers, one JSON line every tenth of the way. Flat means that the last is no more than the fifth.
// Usage: servingMemory [--cycles N] [--requests N].
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { logisticConfig, ModelFolder } from '../test/serving/support/modelFolder';
import { logisticModel } from '../test/serving/support/onnxWriter';
import { postBytes, runLoad } from './serving/loadGenerator';
import { startRatchet, usageOf, type BenchServer } from './serving/servers';

const admin = randomBytes(32).toString('hex');
const width = 32;
const requests = Array.from({ length: 20_000 }, (_, index) => {
  const row = Array.from({ length: width }, (_each, at) => ((index * 31 + at * 7) % 2_000) / 1_000);
  const input = { name: 'features', datatype: 'FP32', shape: [1, width], data: row };
  return postBytes('/v2/models/asked/infer', JSON.stringify({ inputs: [input] }));
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cycles: { type: 'string', default: '200' },
      requests: { type: 'string', default: '1000000' },
    },
  });
  const folder = new ModelFolder();
  for (const name of ['asked', 'cycled']) {
    folder.add(
      name,
      '1',
      logisticModel(new Array<number>(width).fill(0.1), 0),
      logisticConfig(width),
    );
  }
  const server = await startRatchet(folder.path, admin);
  try {
    await cycle(server, Number(values.cycles));
    await ask(server, Number(values.requests));
  } finally {
    await server.stop();
    folder.remove();
  }
}

async function cycle(server: BenchServer, cycles: number): Promise<void> {
  for (let done = 1; done <= cycles; done += 1) {
    for (const action of ['unload', 'load']) {
      const url = `http://127.0.0.1:${server.port}/v2/repository/models/cycled/${action}`;
      const headers = { Authorization: `Bearer ${admin}` };
      const { ok } = await fetch(url, { method: 'POST', headers });
      if (!ok) throw new Error(`${action} failed in cycle ${done}`);
    }
    if (done % (cycles / 10) === 0) print({ cycles: done, ...residentOf(server) });
  }
}

async function ask(server: BenchServer, wanted: number): Promise<void> {
  let answered = 0;
  let errors = 0;
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    while (answered < (wanted * tenth) / 10) {
      const load = { port: server.port, connections: 32, durationMs: 1_000, requests };
      const result = await runLoad(load);
      answered += result.requests;
      errors += result.errors;
    }
    print({ requests: answered, errors, ...residentOf(server) });
  }
}

const residentOf = ({ pid }: BenchServer): { residentMiB: number } => ({
  residentMiB: Math.round(usageOf(pid).residentBytes / 2 ** 20),
});

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
