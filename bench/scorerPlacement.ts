// Compares where a model runs: in the server's own thread, in a worker thread or in a child process. It
// measures the whole server with the same 32-feature network each time, in interleaved rounds, and prints
// medians, one JSON line per place and concurrency. Usage: scorerPlacement [--seconds N] [--rounds N]
// [--concurrency 1,16,64].
import { parseArgs } from 'node:util';
import { ModelFolder } from '../test/serving/support/modelFolder';
import { loopMaxMs } from './serving/healthWatch';
import { quantileOf } from './serving/loadGenerator';
import { measure, medians, round, type Sample } from './serving/measure';
import { contract, makeRequests, networkModel } from './serving/network';
import { placements } from './serving/placements';
import { startOurs, usageOf, type BenchServer } from './serving/servers';

interface Placed {
  readonly server: BenchServer;
  readonly samples: Sample[];
  /** The longest hold of the event loop in each round. */
  readonly loopMaxMs: number[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '5' },
      concurrency: { type: 'string', default: '1,16,64' },
    },
  });
  const folder = new ModelFolder();
  folder.add('mlp', '1', networkModel(), contract);
  const servers: BenchServer[] = [];
  try {
    for (const place of placements.keys()) {
      const options = ['--models', folder.path, '--trust', folder.trustFile, '--place', place];
      servers.push(await startOurs(place, 'bench/serving/placementServer', options));
    }
    const rounds = Number(values.rounds);
    for (const connections of values.concurrency.split(',').map(Number)) {
      await compare(servers, { connections, rounds, durationMs: Number(values.seconds) * 1_000 });
    }
  } finally {
    for (const server of servers) await server.stop();
    folder.remove();
  }
}

async function compare(
  servers: readonly BenchServer[],
  load: { readonly connections: number; readonly rounds: number; readonly durationMs: number },
): Promise<void> {
  const { connections, durationMs } = load;
  const requests = makeRequests('mlp');
  const all: Placed[] = servers.map((server) => ({ server, samples: [], loopMaxMs: [] }));
  for (let done = 0; done < load.rounds; done += 1) {
    for (const placed of all) {
      await loopMaxMs(placed.server.port);
      placed.samples.push(await measure(placed.server, { connections, durationMs, requests }));
      placed.loopMaxMs.push(await loopMaxMs(placed.server.port));
    }
  }
  for (const { server, samples, loopMaxMs: held } of all) {
    held.sort((left, right) => left - right);
    print({
      place: server.name,
      concurrency: connections,
      ...medians(samples),
      loopMaxMs: round(quantileOf(held, 0.5)),
      residentMiB: Math.round(usageOf(server.pid).residentBytes / 2 ** 20),
    });
  }
}

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
