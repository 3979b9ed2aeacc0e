// Goal: what belongs to one origin never reaches another by a redirect, and loopback is reached by none. Method: a
// server that redirects, one beside it that must hear nothing, and the rule by itself for public origins.
import { boundedGet, redirected, type Step } from '../../../activities/news/boundedGet';
import { HostileFeeds } from '../../support/hostileFeeds';

const names = ['authorization', 'cookie', 'if-none-match'] as const;
const headers = Object.fromEntries(names.map((name) => [name, 'CANARY']));

describe('a redirect', () => {
  const [first, second] = [new HostileFeeds(), new HostileFeeds()];
  beforeAll(() => Promise.all([first.listen(), second.listen()]));
  afterAll(() => [first, second].forEach((one) => one.close()));

  const get = (): ReturnType<typeof boundedGet> =>
    boundedGet({
      url: `${first.base}/good`,
      rules: { loopbackDevelopment: true, allowedPorts: [] },
      timeoutMs: 10_000,
      bytesMax: 1_000,
      headers,
    });
  const sends = (location: string): void => {
    first.behaviours['good'] = (_, reply) => reply.writeHead(302, { location }).end();
    first.behaviours['there'] = (_, reply) => reply.end('there');
  };

  test('within the origin carries what was given', async () => {
    sends('/there');
    await expect(get()).resolves.toMatchObject({ status: 200, body: Buffer.from('there') });
    const last = first.seen.at(-1);
    expect(names.map((name) => last?.headers[name])).toEqual(names.map(() => 'CANARY'));
  });

  test.each([
    ['another port', () => second.base],
    ['another name of the same machine', () => first.base.replace('127.0.0.1', 'localhost')],
    ['another scheme', () => first.base.replace('http:', 'https:')],
    ['what is no address', () => 'http://'],
  ])('to %s on loopback is not made', async (_, target) => {
    const location = target();
    sends(location);
    const [one, other] = [first.seen.length, second.seen.length];
    await expect(get()).rejects.toThrow(/must use https|not public|no address|is not allowed/);
    expect(first.seen.length - one).toBe(1);
    expect(second.seen.length).toBe(other);
  });
});

const rules = { loopbackDevelopment: true, allowedPorts: [], lan: true };
const step: Step = { url: 'https://api.example.com/a', headers, rules };

test.each([
  'https://other.example.com/',
  'https://api.example.com:8443/',
  'http://api.example.com/',
  '//other.example.com/a',
])('to %s goes without headers and permissions, and has none when it comes back', (location) => {
  const there = redirected(step, location);
  expect(there).not.toHaveProperty('headers');
  expect(there.rules).toMatchObject({ loopbackDevelopment: false, lan: false });
  expect(redirected(there, step.url)).not.toHaveProperty('headers');
});

test('a path, and the origin written out, are the same origin', () => {
  for (const location of ['/b', 'https://api.example.com:443/b'])
    expect(redirected(step, location)).toEqual({ ...step, url: 'https://api.example.com/b' });
});
