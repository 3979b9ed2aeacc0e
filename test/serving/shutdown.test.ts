// The end of the server under load: accepted requests are answered, callers that never pause do not keep
// it alive, and no scorer process outlives it.
import { startModelServer } from '../../serving/index';
import { features } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('closing under constant load answers what was accepted and leaves no process', async () => {
  const folder = new ModelFolder();
  folder.add('quality', '1', logisticModel([1], 0), { ...logisticConfig(1), scorers: 2 });
  const server = await startModelServer({ ...folder.served });
  const pids = server.registry.route('quality').scorerPids;
  expect(pids).toHaveLength(2);
  const statuses: number[] = [];
  const caller = async (): Promise<void> => {
    for (let index = 0; ; index += 1) {
      const body = JSON.stringify(features([(index % 100) / 10]));
      const answer = await fetch(`${server.url}/v2/models/quality/infer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }).catch(() => undefined);
      if (answer === undefined) return;
      statuses.push(answer.status);
      await answer.text();
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  while (statuses.length < 200) await new Promise((resolve) => setImmediate(resolve));
  await server.close();
  await Promise.all(callers);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(pids.filter(isAlive)).toEqual([]);
  folder.remove();
});
