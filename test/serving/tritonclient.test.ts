// Conformance: NVIDIA's own client, unmodified, against our server. Skipped with a message where Python or
// the package can not be had; the environment is kept outside the checkout and made once.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startModelServer } from '../../serving/index';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

function pythonWithClient(): string | undefined {
  const folder = join(homedir(), '.cache', 'ratchet', 'serving-venv');
  const python = join(folder, 'bin', 'python');
  try {
    if (!existsSync(python)) {
      mkdirSync(join(folder, '..'), { recursive: true });
      execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
      const packages = ['--quiet', 'tritonclient[http]==2.73.0'];
      execFileSync(python, ['-m', 'pip', 'install', ...packages], { stdio: 'ignore' });
    }
    execFileSync(python, ['-c', 'import tritonclient.http'], { stdio: 'ignore' });
    return python;
  } catch {
    return undefined;
  }
}

const python = pythonWithClient();
const title = 'tritonclient: health, metadata, inference, errors and repository all work';

if (python === undefined) {
  test.skip(`${title} (skipped: python3 with tritonclient[http] is not available)`, () =>
    undefined);
} else {
  test(title, async () => {
    const folder = new ModelFolder();
    const admin = 'a'.repeat(40);
    folder.add('quality', '1', logisticModel([0.5, -1, 0.25], 0.1), logisticConfig(3));
    const server = await startModelServer({ models: folder.path, tokens: { admin } });
    try {
      const script = join(__dirname, 'support', 'tritonclient_check.py');
      const address = server.url.replace('http://', '');
      const { stdout } = await promisify(execFile)(python, [script, address, admin]);
      expect(stdout.trim().split('\n')).toEqual([
        'ok health',
        'ok metadata',
        'ok inference',
        'ok errors',
        'ok repository',
      ]);
    } finally {
      await server.close();
      folder.remove();
    }
  });
}
