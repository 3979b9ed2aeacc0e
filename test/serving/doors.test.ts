// Goal: no page in a browser and no foreign name reads or writes anything, on any route of the model server; slow
// and endless clients are ended; over TLS all is as without. Method: raw requests to a live server.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../serving/index';
import { features } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const folder = new ModelFolder();
const tokens = { admin: 'a'.repeat(40), score: 's'.repeat(40) };
const lines: string[] = [];
let server: ModelServer;

beforeAll(async () => {
  folder.add('quality', '1', logisticModel([1], 0), logisticConfig(1));
  server = await startModelServer({
    ...folder.served,
    names: ['models.example'],
    limits: { failedLogins: 10_000, maxRequestsPerSocket: 3 },
    say: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** fetch sets Host and Origin itself, so this is the plain client. */
function send({
  method,
  path,
  headers = {},
  body,
}: Sent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${server.url}${path}`,
      { method, headers, agent: false },
      (response) =>
        void textOf(response).then(
          (text) => resolve({ status: response.statusCode ?? 0, text }),
          reject,
        ),
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

const infer = '/v2/models/quality/infer';
const score = JSON.stringify(features([1]));

test('every route turns away a foreign name and a foreign page, and says so', async () => {
  const routes = [...server.routes, 'GET /nothing', 'OPTIONS /v2/models/:model/infer', 'PUT /v2'];
  for (const route of routes) {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern.replace(':model', 'quality').replace(':version', '1');
    lines.length = 0;
    const named = await send({ method, path, headers: { host: 'evil.example' } });
    expect([route, named.status]).toEqual([route, 421]);
    expect(JSON.parse(named.text)).toMatchObject({ code: 'HOST_FOREIGN' });
    const paged = await send({ method, path, headers: { origin: 'https://evil.example' } });
    expect([route, paged.status]).toEqual([route, 403]);
    expect(JSON.parse(paged.text)).toMatchObject({ code: 'ORIGIN_FOREIGN' });
    expect(lines).toHaveLength(2);
  }
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'every route with a body refuses the type %s, which a page may send unasked',
  async (type) => {
    for (const route of server.routes.filter((each) => each.startsWith('POST'))) {
      const path = route
        .slice('POST '.length)
        .replace(':model', 'quality')
        .replace(':version', '1');
      const { status } = await send({
        method: 'POST',
        path,
        headers: { 'content-type': type },
        body: '{}',
      });
      // Admin routes are off here, which is said first.
      expect([route, status === 403 ? 415 : status]).toEqual([route, 415]);
    }
  },
);

test.each<readonly [string, Readonly<Record<string, string>>]>([
  ['a client without a type', {}],
  ['a client that names JSON', { 'content-type': 'application/json; charset=utf-8' }],
  ['the name of the proxy', { host: 'models.example' }],
  ['a page of the server itself', { host: 'models.example', origin: 'https://models.example' }],
])('%s is answered', async (_who, headers) => {
  expect(await send({ method: 'POST', path: infer, headers, body: score })).toMatchObject({
    status: 200,
  });
});

/** Sends bytes and waits for the end of the connection. */
function rawAnswer(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
    socket.write(bytes);
  });
}

test('a header that does not end is ended after the five seconds that are said', async () => {
  const startedAt = performance.now();
  expect(await rawAnswer('POST /v2 HTTP/1.1\r\nHost: localhost\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  expect(performance.now() - startedAt).toBeGreaterThan(4_000);
  // Node's own interval would make it thirty and more.
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

test('a connection ends after as many requests as one may send', async () => {
  const one = 'GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const said = await rawAnswer(one.repeat(3));
  expect(said.match(/200 OK/g)).toHaveLength(3);
  expect(said).toContain('Connection: close');
});

const openssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();
const testWithOpenssl = openssl ? test : test.skip;

testWithOpenssl('with a certificate it serves https, and listens beyond loopback', async () => {
  const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key];
  execFileSync('openssl', [...made, '-out', cert, ...subject], { stdio: 'ignore' });
  const tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  const secure = await startModelServer({ ...folder.served, host: '0.0.0.0', tls, tokens });
  try {
    expect(secure.url).toMatch(/^https:\/\/0\.0\.0\.0:/);
    const url = `https://127.0.0.1:${new URL(secure.url).port}${infer}`;
    const headers = { authorization: `Bearer ${tokens.score}` };
    const status = await new Promise((resolve, reject) => {
      const options = { method: 'POST', ca: tls.cert, headers, agent: false };
      httpsRequest(url, options, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        .end(score);
    });
    expect(status).toBe(200);
  } finally {
    await secure.close();
  }
});
