// The servers compared: ours as a process of its own, and FastAPI + uvicorn + onnxruntime in a virtual
// environment that is made on demand outside the checkout. All serve the same model file on loopback.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';

export interface BenchServer {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const packages = [
  'fastapi==0.165.0',
  'uvicorn[standard]==0.54.0',
  'onnxruntime==1.32.0',
  'pydantic==2.14.3',
  'orjson==3.13.0',
  'tritonclient[http]==2.73.0',
];

/** When the output pipe closes, the bench ends properly, so that its servers end too. */
process.stdout.on('error', () => process.exit(1));

/** The environment's Python, installing it the first time; undefined when there is no python3. */
export function pythonOf(): string | undefined {
  const folder = join(homedir(), '.cache', 'ratchet', 'serving-venv');
  const python = join(folder, 'bin', 'python');
  try {
    if (!existsSync(python)) {
      mkdirSync(join(folder, '..'), { recursive: true });
      execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
    }
    execFileSync(python, ['-c', 'import fastapi, uvicorn, onnxruntime, orjson'], {
      stdio: 'ignore',
    });
    return python;
  } catch {
    return existsSync(python) && install(python) ? python : undefined;
  }
}

function install(python: string): boolean {
  try {
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Ours, with validation, checks, counters and metrics on, as `ratchet serve` starts it. */
export const startRatchet = (models: string, adminToken: string): Promise<BenchServer> =>
  startOurs(
    'ratchet',
    'serving/main',
    [
      '--models',
      models,
      '--trust',
      join(models, 'trusted.pem'),
      '--state',
      join(models, '..', `${basename(models)}-state`),
    ],
    { RATCHET_SERVING_ADMIN_TOKEN: adminToken },
  );

/** A program of ours that prints its `{"url"}`. @param program path in the checkout, without its suffix. */
export async function startOurs(
  name: string,
  program: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  const suffix = extname(__filename);
  const root = join(__dirname, '..', '..');
  const hook = suffix === '.ts' ? ['--require', join(root, 'infra/sourceHook.cjs')] : [];
  const child = spawn(process.execPath, [...hook, join(root, `${program}${suffix}`), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('exit', () => reject(new Error(`${name} did not start`)));
  });
  const { url } = JSON.parse(line) as { url: string };
  return asServer(name, Number(new URL(url).port), child);
}

/**
 * `fastapi`: async def + pydantic + uvloop. `fastapi-def`: the same in its thread pool. `fastapi-tuned`: raw body,
 * orjson, micro-batching.
 */
export async function startFastApi(
  name: 'fastapi' | 'fastapi-def' | 'fastapi-tuned',
  python: string,
  modelPath: string,
): Promise<BenchServer> {
  const port = await freePort();
  const script = join(process.cwd(), 'bench', 'serving', 'fastapi_server.py');
  const child = spawn(python, [script, name, modelPath, String(port)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
  });
  if (await untilReady(port)) return asServer(name, port, child);
  child.kill('SIGKILL');
  throw new Error(`${name} did not start within 20 s`);
}

/** Waits for the protocol's readiness; false when it does not come within 20 s. */
export async function untilReady(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const ready = await fetch(`http://127.0.0.1:${port}/v2/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

export function asServer(name: string, port: number, child: ChildProcess): BenchServer {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  process.once('exit', () => child.kill('SIGTERM'));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  return { name, port, pid: child.pid ?? 0, stop };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** CPU time and resident memory of a process and its children, from /proc. */
export function usageOf(pid: number): { cpuMs: number; residentBytes: number } {
  const stats = familyOf(pid);
  return {
    cpuMs: stats.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    residentBytes: stats.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

/** Memory of a process and its children in MiB, with each shared page counted once. */
export function proportionalMiB(pid: number): number {
  const kibibytes = familyOf(pid).map((stat) => {
    const text = readFileSync(`/proc/${stat.pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss: +(\d+)/m.exec(text)?.[1] ?? 0);
  });
  return Math.round(kibibytes.reduce((sum, each) => sum + each, 0) / 1_024);
}

const familyOf = (pid: number): Stat[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(statOf)
    .filter((stat) => stat !== undefined)
    .filter((stat) => stat.pid === pid || stat.parent === pid);

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
}

const clockTickMs = 10;
const pageBytes = 4_096;

function statOf(pid: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      pid: Number(pid),
      parent: Number(fields[1]),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * clockTickMs,
      residentBytes: Number(fields[21]) * pageBytes,
    };
  } catch {
    return undefined;
  }
}
