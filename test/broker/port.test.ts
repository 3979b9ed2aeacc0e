// Goal: what only watches an account has no way to send an order, and nobody can send one that cannot be meant.
import { fixedCredentials, openBroker, openBrokerReader } from '../../broker';
import { paise, shares } from '../../domain/units';

const credentials = fixedCredentials({ apiKey: 'key', accessToken: 'token' });
const nowhere = { rest: 'http://127.0.0.1:9' };
const writes = ['place', 'modify', 'cancel'];

test('the reading half has no write, and the whole broker has all three', () => {
  const named = (broker: object): string[] => writes.filter((name) => name in broker);
  expect(named(openBrokerReader(credentials, nowhere))).toEqual([]);
  expect(named(openBroker(credentials, nowhere))).toEqual(writes);
});

test('an order that cannot be meant never reaches the line, placed or modified', async () => {
  const broker = openBroker(credentials, nowhere);
  const order = {
    tag: 'R261125A1TB2',
    tradingsymbol: 'INFY',
    side: 'BUY',
    product: 'MIS',
    quantity: shares(2_500_000),
    pricing: { kind: 'LIMIT', price: paise(1_640_00) },
  } as const;
  const refused = { kind: 'rejected', code: 'ORDER_BOUNDS' };
  expect(await broker.place(order)).toMatchObject(refused);
  expect(await broker.modify('1', order)).toMatchObject(refused);
  // Nobody listens there, so what is sent is turned away.
  const meant = { ...order, quantity: shares(10) };
  expect(await broker.place(meant)).toMatchObject({ kind: 'turnedAway' });
});
