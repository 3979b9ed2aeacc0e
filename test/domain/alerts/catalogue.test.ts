// Goal: the catalogue says what is raised and nothing else. That nothing is raised beside it, the types hold.
import type { Alert } from '../../../domain/alerts/alert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { otherAlerts, positionAlerts, positionFields } from '../../../domain/alerts/catalogue';
import { alertFields } from '../../../domain/alerts/fields';

const alerts: readonly (readonly [string, Alert])[] = Object.entries({
  ...positionAlerts,
  ...otherAlerts,
});
const root = join(__dirname, '../../..');
const raising = ['workflows', 'workers', 'domain/rollout', 'activities/readiness']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  .join('\n');

test('every alert of the catalogue is raised somewhere', () => {
  expect(alerts.filter(([type]) => !raising.includes(`'${type}'`))).toEqual([]);
});

test('every alert has a sentence of its own', () => {
  const sentences = alerts.map(([, { when }]) => when);
  expect(sentences.filter((when) => !/^[A-Z].*\.$/.test(when))).toEqual([]);
  expect(new Set(sentences).size).toBe(alerts.length);
});

test('every field is in a body, once', () => {
  const bodies = alerts.map(([, { body, maybe = [] }]) => [...body, ...maybe]);
  const used = new Set([...positionFields, ...bodies.flat()]);
  expect([...used].sort()).toEqual(Object.keys(alertFields).sort());
  expect(bodies.filter((names) => new Set(names).size !== names.length)).toEqual([]);
});
