// The login by a page, as a person and as a script make it, and what ends a session: another login, at the
// page or elsewhere.
import { epochMs } from '../../domain/units';
import { Session } from '../../exchange/rest/session';
import { listen, requestToken, startBench, until, type Bench } from './support';

const credentials = { apiKey: 'key', apiSecret: 'secret', accessToken: 'old' };
const home = 'http://127.0.0.1:9/kite?from=page';
const refused = (message: string) => ({ error_type: 'TokenException', message });
const noSession = refused('Incorrect `api_key` or `access_token`.');
const noToken = refused('Token is invalid or has expired.');

let bench: Bench;

beforeEach(async () => {
  bench = await startBench({ credentials });
});

afterEach(() => bench.paper.close());

const visit = (query: string, more: RequestInit = {}): Promise<Response> =>
  fetch(`${bench.paper.rest}/connect/login?${query}`, { redirect: 'manual', ...more });

describe('the login page', () => {
  test('names app and user, and its form answers with a request token that logs in once', async () => {
    const page = await visit('api_key=key&v=3');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toMatch(/key[^]*PX0001[^]*<form method="post">/);
    const sent = await visit('api_key=key&v=3', { method: 'POST' });
    expect(sent.status).toBe(302);
    const target = new URL(sent.headers.get('location') ?? '', bench.paper.rest);
    const token = target.searchParams.get('request_token') ?? '';
    expect(Object.fromEntries(target.searchParams)).toEqual({
      ...{ action: 'login', type: 'login', status: 'success', request_token: token },
    });
    expect(await (await fetch(target)).text()).toContain(`<code>${token}</code>`);
    const { access_token, user_id } = await bench.kite.generateSession(token, 'secret');
    expect([user_id, access_token === 'old']).toEqual(['PX0001', false]);
    await expect(bench.kite.generateSession(token, 'secret')).rejects.toMatchObject(noToken);
    expect((await bench.kite.getProfile()).user_id).toBe('PX0001');
  });

  test('a redirect address keeps its own parameters and gets those asked for', async () => {
    const own = await startBench({ credentials, redirectUrl: home });
    const query = `api_key=key&v=3&auto=1&redirect_params=${encodeURIComponent('state=7&x=y')}`;
    const sent = await fetch(`${own.paper.rest}/connect/login?${query}`, { redirect: 'manual' });
    expect(sent.headers.get('location')).toMatch(
      /^http:\/\/127\.0\.0\.1:9\/kite\?from=page&action=login&type=login&status=success&request_token=[0-9a-f]{32}&state=7&x=y$/,
    );
    await own.paper.close();
  });

  test.each([
    ['api_key=other&v=3', 'Invalid `api_key`.'],
    ['api_key=other&v=3&auto=1', 'Invalid `api_key`.'],
    ['v=3', 'Missing `api_key`.'],
    ['api_key=key', 'Missing `v`.'],
    ['api_key=key&v=2', 'Invalid `v`.'],
  ])('%s is refused', async (query, message) => {
    const reply = await visit(query);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error_type: 'InputException', message });
  });

  test.each(['redirect', 'http://127.0.0.1/#part', 'file:///tmp/x'])(
    'the redirect address %s is refused in one sentence',
    async (redirectUrl) => {
      await expect(startBench({ redirectUrl })).rejects.toThrow(
        `redirectUrl must be an http or https address without a fragment, was "${redirectUrl}"`,
      );
    },
  );
});

describe('a request token', () => {
  const checksumOf = async (token: string): Promise<string> =>
    (await import('node:crypto')).createHash('sha256').update(`key${token}secret`).digest('hex');
  const at = (ms: number) => epochMs(1_000_000 + ms);

  test.each([
    [299_999, true],
    [300_000, false],
  ])('after %d ms it is exchanged: %s', async (age, isTaken) => {
    const session = new Session(credentials);
    const token = session.grant('key', at(0));
    const checksum = await checksumOf(token);
    const exchange = () => session.login('key', token, checksum, at(age));
    if (isTaken) expect(exchange()).toHaveLength(32);
    else expect(exchange).toThrow('Token is invalid or has expired.');
    expect(session.isValid('key', 'old')).toBe(!isTaken);
  });

  test('of another exchange, or with a wrong secret, it is refused and the session goes on', async () => {
    const other = await startBench({ credentials });
    const { kite, paper } = bench;
    const foreign = await requestToken(other.paper);
    await other.paper.close();
    await expect(kite.generateSession(foreign, 'secret')).rejects.toMatchObject(noToken);
    const own = await requestToken(paper);
    const wrong = kite.generateSession(own, 'wrong');
    await expect(wrong).rejects.toMatchObject(refused('Invalid `checksum`.'));
    expect((await kite.getProfile()).user_id).toBe('PX0001');
  });
});

describe('one session an app', () => {
  test('the token given at the start is valid until a new login, which ends its sockets too', async () => {
    const { kite, paper } = bench;
    const listener = await listen(bench);
    expect((await kite.getProfile()).user_id).toBe('PX0001');
    await kite.generateSession(await requestToken(paper), 'secret');
    await until(() => listener.socket.readyState === listener.socket.CLOSED);
    expect((await kite.getProfile()).user_id).toBe('PX0001');
    kite.setAccessToken('old');
    await expect(kite.getProfile()).rejects.toMatchObject(noSession);
  });

  test('a login elsewhere ends token, renewal and sockets, and a login here works again', async () => {
    const { kite, paper, admin } = bench;
    const ours = await kite.generateSession(await requestToken(paper), 'secret');
    const listener = await listen({
      ...bench,
      paper: { ...paper, accessToken: ours.access_token },
    });
    expect((await admin('POST', '/paper/session/login-elsewhere')).status).toBe(200);
    await until(() => listener.socket.readyState === listener.socket.CLOSED);
    await expect(kite.getProfile()).rejects.toMatchObject(noSession);
    await expect(kite.renewAccessToken(ours.refresh_token, 'secret')).rejects.toMatchObject(
      refused('Invalid `refresh_token`.'),
    );
    await kite.generateSession(await requestToken(paper), 'secret');
    expect((await kite.getProfile()).user_id).toBe('PX0001');
  });
});
