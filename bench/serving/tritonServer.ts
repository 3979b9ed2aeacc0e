// A real Triton 2.51 for comparison, without Docker: the server inside the nvidia-pytriton wheel, with
// onnxruntime in its Python backend and dynamic batching. The wheel's stub needs a shared libpython 3.12, so
// a Python with one must be named by RATCHET_TRITON_PYTHON or be found by pyenv. Without it this server is
// left out.
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { asServer, freePort, untilReady, type BenchServer } from './servers';

const environment = join(homedir(), '.cache', 'ratchet', 'python', 'triton-2.51');
const packages = ['nvidia-pytriton==0.7.0', 'onnxruntime==1.32.0'];
const sitePackages = join(environment, 'lib', 'python3.12', 'site-packages');

/** The home of a Python 3.12 with a shared library, or undefined. */
function pythonHome(): string | undefined {
  const named = process.env['RATCHET_TRITON_PYTHON'];
  const home = named ?? join(homedir(), '.pyenv', 'versions', '3.12.1');
  return existsSync(join(home, 'lib', 'libpython3.12.so')) ? home : undefined;
}

/** Starts it over the model `mlp`; undefined where it is not available. */
export async function startTriton(modelPath: string): Promise<BenchServer | undefined> {
  const home = pythonHome();
  if (home === undefined || !install(home)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-triton-'));
  prepare(folder, modelPath);
  const port = await freePort();
  const bundled = join(sitePackages, 'pytriton', 'tritonserver');
  const child = spawn(
    join(bundled, 'bin', 'tritonserver'),
    [
      `--model-repository=${join(folder, 'models')}`,
      `--backend-directory=${join(folder, 'backends')}`,
      '--http-address=127.0.0.1',
      `--http-port=${port}`,
      '--allow-grpc=false',
      '--allow-metrics=false',
      '--log-verbose=0',
      '--log-info=false',
    ],
    {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: {
        ...process.env,
        PYTHONHOME: home,
        ORT_DISABLE_TELEMETRY: '1',
        LD_LIBRARY_PATH: `${join(home, 'lib')}:${join(sitePackages, 'nvidia_pytriton.libs')}`,
      },
    },
  );
  const server = asServer('triton', port, child);
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  if (await untilReady(port)) return { ...server, stop };
  await stop();
  return undefined;
}

function install(home: string): boolean {
  if (existsSync(join(sitePackages, 'pytriton'))) return true;
  try {
    execFileSync(join(home, 'bin', 'python'), ['-m', 'venv', environment], { stdio: 'ignore' });
    const pip = join(environment, 'bin', 'pip');
    execFileSync(pip, ['install', '--quiet', ...packages], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The model in Triton's layout, and the backend beside the stub of its Python. */
function prepare(folder: string, modelPath: string): void {
  const bundled = join(sitePackages, 'pytriton', 'tritonserver');
  const backend = join(folder, 'backends', 'python');
  cpSync(join(bundled, 'backends', 'python'), backend, { recursive: true });
  const stub = join(backend, 'triton_python_backend_stub');
  copyFileSync(join(bundled, 'python_backend_stubs', '3.12', 'triton_python_backend_stub'), stub);
  chmodSync(stub, 0o755);
  const model = join(folder, 'models', 'mlp');
  mkdirSync(join(model, '1'), { recursive: true });
  const source = join(process.cwd(), 'bench', 'serving', 'triton_model.py');
  // The stub passes no PYTHONPATH on, so the packages are named in the file itself.
  const found = `import sys\n\nsys.path.insert(0, ${JSON.stringify(sitePackages)})\n`;
  writeFileSync(join(model, '1', 'model.py'), found + readFileSync(source, 'utf8'));
  writeFileSync(
    join(model, 'config.pbtxt'),
    `name: "mlp"
backend: "python"
max_batch_size: 64
input [{ name: "features" data_type: TYPE_FP32 dims: [32] }]
output [{ name: "probability" data_type: TYPE_FP32 dims: [1] }]
dynamic_batching {}
instance_group [{ kind: KIND_CPU count: 1 }]
parameters { key: "MODEL_PATH" value { string_value: "${modelPath}" } }
`,
  );
}
