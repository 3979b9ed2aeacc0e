// Health as another client sees it. It is asked from a thread of its own, so that the drill's load on its own
// event loop is not counted. The longest hold of the server's event loop comes from the server's metrics.
import { get, Agent } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { quantileOf } from './loadGenerator';

export interface HealthLine {
  readonly healthAsked: number;
  readonly healthP99Ms: number;
  readonly healthMaxMs: number;
  /** The longest the server's event loop was held. */
  readonly loopMaxMs: number;
}

const probeEveryMs = 5;

/** Runs the work while health is asked all along. */
export async function whileHealthIsAsked(
  port: number,
  work: () => Promise<void>,
): Promise<HealthLine> {
  const worker = new Worker(__filename, { workerData: { port } });
  await new Promise((resolve) => worker.once('message', resolve));
  await loopMaxMs(port);
  await work();
  const told = new Promise<readonly number[]>((resolve) => worker.once('message', resolve));
  worker.postMessage('stop');
  const taken = await told;
  return {
    healthAsked: taken.length,
    healthP99Ms: quantileOf(taken, 0.99),
    healthMaxMs: taken.at(-1) ?? NaN,
    loopMaxMs: await loopMaxMs(port),
  };
}

/** The longest hold of the server's event loop since the last reading, which resets the metric. */
export async function loopMaxMs(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const seconds = /^nodejs_eventloop_lag_max_seconds ([0-9.e-]+)$/m.exec(text)?.[1];
  return Number(seconds) * 1_000;
}

async function askUntilStopped(port: number): Promise<void> {
  const taken: number[] = [];
  const agent = new Agent({ keepAlive: true });
  const state = { stopped: false };
  parentPort?.once('message', () => (state.stopped = true));
  await ask(port, agent);
  parentPort?.postMessage('ready');
  while (!state.stopped) {
    const startedAt = performance.now();
    await ask(port, agent);
    taken.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, probeEveryMs));
  }
  agent.destroy();
  parentPort?.postMessage(taken.sort((left, right) => left - right));
}

const ask = (port: number, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/v2/health/live', agent }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`health answered ${reply.statusCode}`));
      reply.resume().once('end', resolve);
    }).once('error', reject);
  });

if (!isMainThread) void askUntilStopped((workerData as { port: number }).port);
