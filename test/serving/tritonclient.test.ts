// Conformance: NVIDIA's own client, unmodified, against our server. Skipped with a message where Python or
// the package can not be had.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startModelServer } from '../../serving/index';
import { pythonWith } from '../support/pythonEnvironment';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const python = pythonWith('tritonclient-2.73.0', ['tritonclient[http]==2.73.0']);
const title = 'tritonclient: health, metadata, inference, errors and repository all work';

if (python === undefined) {
  test.skip(`${title} (skipped: python3 with tritonclient[http] is not available)`, () =>
    undefined);
} else {
  test(title, async () => {
    const folder = new ModelFolder();
    const admin = 'a'.repeat(40);
    folder.add('quality', '1', logisticModel([0.5, -1, 0.25], 0.1), logisticConfig(3));
    const server = await startModelServer({ ...folder.served, tokens: { admin } });
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
