// Goal: a process starts only for the mode it was started for, with what belongs to that mode, and says in one
// sentence what is wrong.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CredentialSource } from '../../broker';
import { sessionFile } from '../../infra/accountFolder';
import { writeSession } from '../../infra/brokerSession/sessionFile';
import { loadConfig } from '../../infra/config/config';
import { brokerPlace, pricesPlace, type Environment } from '../../workers/brokerPlace';

const paper = loadConfig();
const live = { ...paper, account: 'mine', mode: 'live' as const, kiteUser: 'ZX1234' };
const shadow = { ...live, mode: 'shadow' as const, brokerUrl: 'http://127.0.0.1:8/' };
const exchange: Environment = {
  RATCHET_MODE: 'paper',
  RATCHET_KITE_ROOT: 'http://127.0.0.1:9',
  RATCHET_KITE_TICKER: 'ws://127.0.0.1:9/',
  RATCHET_KITE_API_KEY: 'made',
  RATCHET_KITE_ACCESS_TOKEN: 'up',
};

/** What the broker is asked with. */
const revealed = ({ current: { apiKey, accessToken } }: CredentialSource): object => ({
  apiKey,
  accessToken: accessToken.reveal(),
});

const before = process.env['RATCHET_HOME'];
beforeAll(() => {
  process.env['RATCHET_HOME'] = mkdtempSync(join(tmpdir(), 'ratchet-place-'));
});
afterAll(() => {
  if (before === undefined) delete process.env['RATCHET_HOME'];
  else process.env['RATCHET_HOME'] = before;
});

test('paper is the exchange and its made-up keys', () => {
  const { mode, address, credentials } = brokerPlace(paper, exchange);
  expect({ mode, address, keys: revealed(credentials) }).toEqual({
    mode: 'paper',
    address: { rest: 'http://127.0.0.1:9', feed: 'ws://127.0.0.1:9/' },
    keys: { apiKey: 'made', accessToken: 'up' },
  });
});

test.each([
  ['without a mode', paper, { ...exchange, RATCHET_MODE: undefined }, 'set RATCHET_MODE'],
  [
    'for another mode',
    paper,
    { ...exchange, RATCHET_MODE: 'live' },
    'RATCHET_MODE is "live", but the configuration\'s mode is "paper"',
  ],
  [
    'on paper without an exchange',
    paper,
    { ...exchange, RATCHET_KITE_ROOT: undefined },
    'set RATCHET_KITE_ROOT',
  ],
  [
    'on paper with an exchange elsewhere',
    paper,
    { ...exchange, RATCHET_KITE_ROOT: 'https://api.kite.trade' },
    'RATCHET_KITE_ROOT must be an exchange on this machine unless mode is "live", was "https://api.kite.trade"',
  ],
  [
    'of a shadow at the broker',
    shadow,
    { ...exchange, RATCHET_MODE: 'shadow', RATCHET_KITE_ROOT: 'http://127.0.0.1:8' },
    'RATCHET_KITE_ROOT must not be brokerUrl unless mode is "live", was "http://127.0.0.1:8"',
  ],
  [
    'live with an exchange',
    live,
    { ...exchange, RATCHET_MODE: 'live' },
    'must not be set in live mode',
  ],
] as const)('a process %s does not start', (_, config, environment, sentence) => {
  expect(() => brokerPlace(config, environment)).toThrow(sentence);
});

test('a shadow’s orders go to its own exchange with made-up keys; its exchange alone has the session', () => {
  writeSession(sessionFile('mine'), {
    userId: 'ZX1234',
    apiKey: 'key',
    accessToken: 'token',
    loggedInAt: 1,
  });
  const environment = { ...exchange, RATCHET_MODE: 'shadow' };
  const { mode, address, credentials } = brokerPlace(shadow, environment);
  expect({ mode, address, keys: revealed(credentials) }).toEqual({
    mode: 'shadow',
    address: { rest: 'http://127.0.0.1:9', feed: 'ws://127.0.0.1:9/' },
    keys: { apiKey: 'made', accessToken: 'up' },
  });
  const prices = pricesPlace(shadow, environment);
  expect({ address: prices.address, keys: revealed(prices.credentials) }).toEqual({
    address: { rest: 'http://127.0.0.1:8/', feed: undefined },
    keys: { apiKey: 'key', accessToken: 'token' },
  });
});

test.each([paper, live])(
  'only a shadow’s exchange takes prices from the broker: $mode',
  (config) => {
    expect(() => pricesPlace(config, { ...exchange, RATCHET_MODE: config.mode })).toThrow(
      `the exchange of a shadow is started in shadow mode only, not in ${config.mode} mode`,
    );
  },
);

test('live is Kite itself unless a stand-in is named, with the stored session', () => {
  writeSession(sessionFile('mine'), {
    userId: 'ZX1234',
    apiKey: 'key',
    accessToken: 'token',
    loggedInAt: 1,
  });
  const { mode, address, credentials, loginAddress } = brokerPlace(live, { RATCHET_MODE: 'live' });
  expect({ mode, address, keys: revealed(credentials) }).toEqual({
    mode: 'live',
    address: { rest: undefined, feed: undefined },
    keys: { apiKey: 'key', accessToken: 'token' },
  });
  expect(loginAddress()).toBe('https://kite.zerodha.com/connect/login?v=3&api_key=key');
});

test('a stored session of another user is refused', () => {
  const other = { ...live, kiteUser: 'AB9999' };
  expect(() => brokerPlace(other, { RATCHET_MODE: 'live' })).toThrow(
    'the stored session is of user ZX1234, but kiteUser is AB9999',
  );
});
