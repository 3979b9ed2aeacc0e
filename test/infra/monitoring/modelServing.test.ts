// The shipped alert rules and the dashboard: the rules' own tests pass in promtool, and the model server
// writes every metric they read.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { startModelServer } from '../../../serving/index';
import { call, features } from '../../serving/support/calls';
import { logisticConfig, ModelFolder } from '../../serving/support/modelFolder';
import { logisticModel } from '../../serving/support/onnxWriter';

const folder = resolve(__dirname, '../../../infra/monitoring');
const rules = readFileSync(join(folder, 'model-serving.rules.yml'), 'utf8');
const dashboard = readFileSync(join(folder, 'model-serving.dashboard.json'), 'utf8');

/** promtool from RATCHET_PROMTOOL, the cache folder or the path; undefined where there is none. */
function promtoolOf(): string | undefined {
  const cached = join(homedir(), '.cache', 'ratchet', 'bin', 'promtool');
  const known = process.env['RATCHET_PROMTOOL'] ?? (existsSync(cached) ? cached : 'promtool');
  return spawnSync(known, ['--version']).status === 0 ? known : undefined;
}

const promtool = promtoolOf();
const title = 'promtool accepts the alert rules and their tests';
if (promtool === undefined) {
  test.skip(`${title} (skipped: there is no promtool)`, () => undefined);
} else {
  test(title, () => {
    const test = execFileSync(promtool, ['test', 'rules', 'model-serving.test.yml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(test).toContain('SUCCESS');
  });
}

test('every alert has a test', () => {
  const tested = readFileSync(join(folder, 'model-serving.test.yml'), 'utf8');
  const alerts = [...rules.matchAll(/alert: (\w+)/g)].map(([, name]) => name ?? '');
  expect(alerts.length).toBeGreaterThan(5);
  for (const alert of alerts) expect(tested).toContain(`alertname: ${alert}`);
});

test('every metric of the rules and the dashboard is one the server writes', async () => {
  const models = new ModelFolder();
  models.add('quality', '1', logisticModel([1], 0), logisticConfig(1));
  const server = await startModelServer({ ...models.served });
  try {
    for (let index = 0; index < 8_100; index += 81) {
      const rows = Array.from({ length: 81 }, (_, row) =>
        call(`${server.url}/v2/models/quality/infer`, 'POST', features([(index + row) / 1_000])),
      );
      await Promise.all(rows);
    }
    const metrics = (await call(`${server.url}/metrics`, 'GET')).body as string;
    const written = new Set([...metrics.matchAll(/^(ratchet_\w+)/gm)].map(([, name]) => name));
    const read = new Set([...`${rules}${dashboard}`.matchAll(/\bratchet_model_\w+/g)].flat());
    for (const name of read) {
      const recorded = rules.includes(`record: model:${name}:`);
      expect([name, recorded || written.has(name)]).toEqual([name, true]);
    }
  } finally {
    await server.close();
    models.remove();
  }
});

test('the dashboard is a dashboard: unique panels, each with a title and a query', () => {
  const { panels } = JSON.parse(dashboard) as {
    panels: { id: number; title: string; targets: { expr: string }[] }[];
  };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { title: name, targets } of panels) {
    expect(name).not.toBe('');
    expect(targets.every(({ expr }) => expr.includes('ratchet_model_'))).toBe(true);
  }
});
