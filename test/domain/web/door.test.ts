// Goal: no page of another site and no foreign name comes in, and everybody who has business here does. Method: a
// table of what browsers, proxies and clients send.
import {
  doorOf,
  isContentType,
  isLoopback,
  refusalAt,
  type Arrival,
} from '../../../domain/web/door';

const arrival = (more: Partial<Arrival>): Arrival => ({
  method: 'POST',
  host: '127.0.0.1:8000',
  origin: undefined,
  fetchSite: undefined,
  fetchMode: undefined,
  fetchDest: undefined,
  ...more,
});
const local = doorOf('127.0.0.1');

test.each<readonly [string, ReturnType<typeof doorOf>, Partial<Arrival>, number | undefined]>([
  ['a client of this machine', local, {}, undefined],
  ['by name', local, { host: 'localhost:8000' }, undefined],
  ['in capitals', local, { host: 'LOCALHOST' }, undefined],
  ['by IPv6', local, { host: '[::1]:8000' }, undefined],
  ['through a tunnel with another port', local, { host: 'localhost:9' }, undefined],
  ['a name that was made to lead here', local, { host: 'evil.example:8000' }, 421],
  ['a name that begins like ours', local, { host: 'localhost.evil.example' }, 421],
  ['a name with an @', local, { host: 'localhost@evil.example' }, 421],
  ['another address', local, { host: '10.0.0.5' }, 421],
  ['no name', local, { host: undefined }, 421],
  ['an empty name', local, { host: '' }, 421],
  ['the address it listens on', doorOf('10.0.0.5'), { host: '10.0.0.5:1' }, undefined],
  ['an IPv6 address it listens on', doorOf('fd00::5'), { host: '[fd00::5]' }, undefined],
  ['any address where it listens on all', doorOf('0.0.0.0'), { host: '192.168.1.9' }, undefined],
  ['any IPv6 where it listens on all', doorOf('::'), { host: '[fd00::7]:1' }, undefined],
  ['a foreign name where it listens on all', doorOf('0.0.0.0'), { host: 'evil.example' }, 421],
  ['a name of digits', doorOf('0.0.0.0'), { host: '1.2.3.4.evil.example' }, 421],
  [
    'the name of its proxy',
    doorOf('127.0.0.1', ['Models.Example']),
    { host: 'models.example' },
    undefined,
  ],
  ['a page of its own', local, { origin: 'http://127.0.0.1:8000' }, undefined],
  ['a page of its own behind TLS', local, { origin: 'https://127.0.0.1:8000' }, undefined],
  ['a page of another site', local, { origin: 'https://evil.example' }, 403],
  ['a page of another port', local, { origin: 'http://127.0.0.1:3000' }, 403],
  ['a page without an origin', local, { origin: 'null' }, 403],
  ['a file', local, { origin: 'file://' }, 403],
  [
    'an image on another site',
    local,
    { method: 'GET', fetchSite: 'cross-site', fetchMode: 'no-cors', fetchDest: 'image' },
    403,
  ],
  [
    'a frame on another port',
    local,
    { method: 'GET', fetchSite: 'same-site', fetchMode: 'navigate', fetchDest: 'iframe' },
    403,
  ],
  [
    'a form on another site',
    local,
    { fetchSite: 'cross-site', fetchMode: 'navigate', fetchDest: 'document' },
    403,
  ],
  [
    'a link that is followed',
    local,
    { method: 'GET', fetchSite: 'cross-site', fetchMode: 'navigate', fetchDest: 'document' },
    undefined,
  ],
  [
    'an address that is typed',
    local,
    { method: 'GET', fetchSite: 'none', fetchMode: 'navigate', fetchDest: 'document' },
    undefined,
  ],
])('%s', (_who, door, more, status) => {
  expect(refusalAt(door, arrival(more))?.status).toBe(status);
});

test('a refusal names what was wrong, and is safe to print', () => {
  const { sentence = '' } = refusalAt(local, arrival({ host: 'a"b\n'.padEnd(500, 'x') })) ?? {};
  expect(sentence).toMatch(/^Host is "a\\"b\\nx+", which is not a name of this server\.$/);
  expect(sentence.length).toBeLessThan(160);
});

test.each([
  [undefined, true],
  ['', true],
  ['application/json', true],
  ['Application/JSON; charset=utf-8', true],
  ['text/plain', false],
  ['text/plain;application/json', false],
  ['application/x-www-form-urlencoded', false],
  ['multipart/form-data; boundary=application/json', false],
])('a body of type %j where JSON is wanted: %s', (declared, allowed) => {
  expect(isContentType(declared, ['application/json'])).toBe(allowed);
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['127.evil.example', false],
  ['10.0.0.1', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
