// Goal: a login reaches everybody who follows the session file, also one who began before the first login; a file
// that has become wrong changes nothing.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBroker, type BrokerCredentials, type CredentialSource } from '../../broker';
import {
  followedSession,
  isNobody,
  writeSession,
  type StoredSession,
} from '../../infra/brokerSession/sessionFile';
import { startBench, until, type Bench } from '../exchange/support';

const credentials = { apiKey: 'key', apiSecret: 'secret', accessToken: 'token-1' };
const session = (accessToken: string): StoredSession => ({
  userId: 'PX0001',
  apiKey: credentials.apiKey,
  accessToken,
  loggedInAt: 1,
});

let bench: Bench;
let file: string;
let source: CredentialSource;
beforeEach(async () => {
  bench = await startBench({ credentials });
  file = join(mkdtempSync(join(tmpdir(), 'ratchet-session-')), 'deep', 'session.json');
  source = followedSession(file, () => undefined);
});
afterEach(() => bench.paper.close());

test('begun before the first login, a client asks with key and token of the login', async () => {
  expect(isNobody(source.current)).toBe(true);
  const broker = openBroker(source, { rest: bench.paper.rest });
  await expect(broker.funds()).rejects.toMatchObject({ kind: 'session' });
  writeSession(file, session(credentials.accessToken));
  await until(() => !isNobody(source.current));
  expect((await broker.profile()).userId).toBe('PX0001');
});

test('every follower hears of every login once, and none of a file that is no session', async () => {
  const heard: string[][] = [[], []];
  const follow = (index: number) => (changed: BrokerCredentials) =>
    void heard[index]?.push(changed.accessToken.reveal());
  const [, stopSecond] = [source.onChange(follow(0)), source.onChange(follow(1))];
  writeSession(file, session('token-1'));
  await until(() => heard[0]?.length === 1);
  const silent = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  writeFileSync(file, 'not a session', { mode: 0o600 });
  await until(() => silent.mock.calls.length > 0);
  silent.mockRestore();
  stopSecond();
  writeSession(file, session('token-2'));
  await until(() => heard[0]?.length === 2);
  expect(heard).toEqual([['token-1', 'token-2'], ['token-1']]);
});
