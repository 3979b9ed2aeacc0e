// Goal: what only watches an account has no way to send an order.
import { fixedCredentials, openBroker, openBrokerReader } from '../../broker';

const credentials = fixedCredentials({ apiKey: 'key', accessToken: 'token' });
const nowhere = { rest: 'http://127.0.0.1:9' };
const writes = ['place', 'modify', 'cancel'];

test('the reading half has no write, and the whole broker has all three', () => {
  const named = (broker: object): string[] => writes.filter((name) => name in broker);
  expect(named(openBrokerReader(credentials, nowhere))).toEqual([]);
  expect(named(openBroker(credentials, nowhere))).toEqual(writes);
});
