// What happens to traffic while models change and fail. Drills, one JSON line a step: `guard`, bad candidates
// and how soon the guard drops them (default policy); `change`, a version pushed, canaried, promoted, rolled
// back and its scorer killed, at half of the server's capacity; `refusals`, 2,000 broken requests and hostile
// files. Usage: servingDrills [--rate N] [--only guard,change,refusals].
import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  driftingModel,
  failingModel,
  nanModel,
  slowModel,
} from '../test/serving/support/badModels';
import { logisticConfig, manifestOf, ModelFolder } from '../test/serving/support/modelFolder';
import { logisticModel } from '../test/serving/support/onnxWriter';
import { runBrokenRequests } from './serving/brokenRequests';
import { runHostilePushes } from './serving/hostilePushes';
import { postBytes, runLoad } from './serving/loadGenerator';
import { startRatchet, type BenchServer } from './serving/servers';
import { steadyLoad, type PhaseLine, type SteadyLoad } from './serving/steadyLoad';

const admin = randomBytes(32).toString('hex');
const model = 'quality';
const signed = { by: 'drill', reason: 'a drill' };
const bodies = Array.from({ length: 20_000 }, (_, index) =>
  JSON.stringify({
    inputs: [
      {
        name: 'features',
        datatype: 'FP32',
        shape: [1, 2],
        data: [((index * 7_919) % 9_973) / 2_500 - 2, 1],
      },
    ],
  }),
);

interface Report {
  readonly phase: { readonly kind: string; readonly reason?: string };
}

interface Admin {
  readonly post: (path: string, body: object | Buffer) => Promise<unknown>;
  readonly report: () => Promise<Report>;
  /** Process ids of a version's scorers. */
  readonly scorers: (version: string) => Promise<readonly number[]>;
}

const drills: readonly { readonly name: string; readonly bytes: Buffer; readonly freeze?: true }[] =
  [
    { name: 'answers NaN', bytes: nanModel },
    { name: 'ten times slower', bytes: slowModel },
    { name: 'answers drift', bytes: driftingModel },
    { name: 'fails on some inputs', bytes: failingModel },
    { name: 'never returns', bytes: logisticModel([1, 1.001], 0), freeze: true },
  ];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rate: { type: 'string', default: '500' },
      only: { type: 'string', default: 'guard,change,refusals' },
    },
  });
  const chosen = new Set(values.only.split(','));
  const folder = new ModelFolder();
  folder.add(model, '1', logisticModel([1, 1], 0), logisticConfig(2));
  drills.forEach(({ bytes }, index) =>
    folder.add(model, String(index + 2), bytes, logisticConfig(2)),
  );
  // The newest version of the folder serves at first, so the good one is added last.
  const good = String(drills.length + 2);
  folder.add(model, good, logisticModel([1, 1], 0), logisticConfig(2));
  const server = await startRatchet(folder.path, admin);
  try {
    if (chosen.has('guard')) await guardDrill(server, Number(values.rate));
    if (chosen.has('change')) await changeDrill(server, await halfOfSaturation(server));
    if (chosen.has('refusals')) await refusalDrill(server);
  } finally {
    await server.stop();
    folder.remove();
  }
}

/** Everything that must be refused while health goes on answering. */
async function refusalDrill(server: BenchServer): Promise<void> {
  print({ drill: 'broken requests', ...(await runBrokenRequests(server, model, 2_000)) });
  const target = { model, adminToken: admin, firstVersion: 60 };
  for (const line of await runHostilePushes(server, target)) {
    print({ drill: 'hostile push', ...line });
  }
}

/** Bad candidates one after the other, each until the server has dropped or paused it by itself. */
async function guardDrill(server: BenchServer, rate: number): Promise<void> {
  const calls = adminOf(server);
  const load = steadyLoad({ port: server.port, model }, rate, bodies);
  for (const [index, { name, freeze }] of drills.entries()) {
    const candidate = String(index + 2);
    let startedAt = 0;
    let droppedAt = 0;
    const line = await load.during(name, 0, async () => {
      await calls.post('rollout', { candidate, ...signed });
      startedAt = performance.now();
      if (freeze === true) {
        for (const pid of await calls.scorers(candidate)) process.kill(pid, 'SIGSTOP');
      }
      await until(async () => isOut((await calls.report()).phase.kind));
      droppedAt = performance.now();
    });
    const { phase } = await calls.report();
    if (phase.kind === 'paused') await calls.post('rollout/abort', signed);
    const outcome = { outcome: phase.kind, why: phase.reason };
    print({
      drill: 'guard',
      ratePerSecond: rate,
      outAfterMs: droppedAt - startedAt,
      ...outcome,
      ...line,
    });
  }
}

const isOut = (kind: string): boolean => kind === 'rolledBack' || kind === 'paused';
const hasLeft = (kind: string): boolean => isOut(kind) || kind === 'promoted';

/** A version's whole life under constant load. */
async function changeDrill(server: BenchServer, rate: number): Promise<void> {
  const calls = adminOf(server);
  const load = steadyLoad({ port: server.port, model }, rate, bodies);
  const step = async (line: Promise<PhaseLine>): Promise<void> =>
    print({ drill: 'change', ratePerSecond: rate, ...(await line) });
  const bytes = logisticModel([1, 1.001], 0);
  // Near saturation, on a machine that also makes the load, tails differ by tens of milliseconds by chance.
  const policy = {
    canaryPercents: [10, 50],
    minSamples: 300,
    minStepMs: 2_000,
    latencyFloorMs: 100,
  };
  const idle = (): Promise<void> => Promise.resolve();
  await step(load.during('nothing happens', 5_000, idle));
  await step(load.during('push', 3_000, () => push(calls, '50', bytes)));
  await step(
    load.during('shadow and canary', 3_000, async () => {
      await calls.post('rollout', { candidate: '50', policy, ...signed });
      await until(async () => hasLeft((await calls.report()).phase.kind));
      const { phase } = await calls.report();
      if (phase.kind !== 'promoted') throw new Error(`not promoted: ${JSON.stringify(phase)}`);
    }),
  );
  await step(load.during('after promotion', 3_000, idle));
  await step(
    load.during('roll back', 3_000, () => calls.post('rollback', signed).then(() => undefined)),
  );
  await step(killDrill(calls, load));
}

const killDrill = (calls: Admin, load: SteadyLoad): Promise<PhaseLine> =>
  load.during('scorer killed', 3_000, async () => {
    const stable = await stableOf(calls);
    const before = await calls.scorers(stable);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await until(async () => {
      const now = await calls.scorers(stable);
      return now.length > 0 && now.every((pid) => !before.includes(pid));
    });
  });

async function stableOf(calls: Admin): Promise<string> {
  const { stable } = (await calls.report()) as unknown as { stable: string };
  return stable;
}

async function push(calls: Admin, version: string, bytes: Buffer): Promise<void> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const manifest = manifestOf(model, version, bytes);
  await calls.post(`versions/${version}`, { sha256, manifest, ...signed });
  await calls.post(`versions/${version}/file`, bytes);
}

async function halfOfSaturation({ port }: BenchServer): Promise<number> {
  const requests = bodies.map((body) => postBytes(`/v2/models/${model}/infer`, body));
  await runLoad({ port, connections: 64, durationMs: 2_000, requests });
  const { requests: answered, seconds } = await runLoad({
    port,
    connections: 64,
    durationMs: 3_000,
    requests,
  });
  return Math.round(answered / seconds / 2);
}

function adminOf({ port }: BenchServer): Admin {
  const url = `http://127.0.0.1:${port}`;
  const headers = { Authorization: `Bearer ${admin}` };
  const ask = async (path: string, body?: object | Buffer): Promise<unknown> => {
    const isJson = body !== undefined && !(body instanceof Buffer);
    const reply = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(isJson && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && {
        body: body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body),
      }),
    });
    const answer: unknown = await reply.json();
    if (!reply.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    post: (path, body) => ask(`/v2/admin/models/${model}/${path}`, body),
    report: async () => (await ask(`/v2/admin/models/${model}/rollout`)) as Report,
    scorers: async (version) => {
      const status = (await ask('/v2/status')) as {
        models: { versions: { version: string; scorerPids: number[] }[] }[];
      };
      const versions = status.models.flatMap((each) => each.versions);
      return versions.find((each) => each.version === version)?.scorerPids ?? [];
    },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
