// Goal: a secret is never printed, in whatever it is printed with; who asks for its value has it.
import { inspect } from 'node:util';
import { Secret } from '../../domain/secret';

const value = 'canary-value-1234';
const secret = new Secret(value);
const held = { token: secret, list: [secret], deep: new Map([['one', { secret }]]) };

test.each([
  ['as text', `${String(secret)} ${[secret].join()}`],
  ['by the console', inspect(held, { depth: 9, showHidden: true })],
  ['as JSON', JSON.stringify(held)],
  ['in an error', inspect(Object.assign(new Error('failed'), { secret, cause: held }))],
  ['copied', inspect(structuredClone({ ...held, deep: null }))],
])('it is not printed %s', (_, text) => {
  expect(text).not.toContain(value);
  expect(text.length).toBeGreaterThan(0);
});

test('its value is there for who asks', () => {
  expect(secret.reveal()).toBe(value);
  expect(secret.equals(new Secret(value))).toBe(true);
  expect(secret.equals(new Secret('another'))).toBe(false);
  expect(String(secret)).toBe('[secret]');
});
