// Goal: the UI's page reads payloads with the token, and nobody else does. Method: the server asked as the UI asks,
// and as other pages and processes would.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { startCodecServer, type CodecServer } from '../../../infra/temporal/codecServer';
import { readingCodec } from '../../../infra/temporal/connect';
import { ensurePayloadKeys, payloadKeysIn } from '../../../infra/temporal/payloadKeys';

const origin = 'http://127.0.0.1:8233';

describe('the codec server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-codec-server-'));
  const codec = readingCodec({ RATCHET_PAYLOAD_KEYS: ensurePayloadKeys(payloadKeysIn(folder)) });
  let server: CodecServer;
  beforeAll(async () => {
    server = await startCodecServer(codec, [origin, 'http://localhost:8233']);
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Asked {
    readonly path?: string;
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  }
  const ask = ({
    path,
    method = 'POST',
    headers = {},
    body = '',
  }: Asked): Promise<{ status: number; text: string }> =>
    new Promise((settle, fail) => {
      const url = new URL(path ?? `${server.endpoint}/decode`, server.endpoint);
      const all = { origin, 'content-type': 'application/json', ...headers };
      const one = request(url, { method, headers: all }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => settle({ status: answer.statusCode ?? 0, text }));
      });
      one.on('error', fail);
      one.end(body);
    });

  const sent = async (value: unknown): Promise<string> => {
    const plain = defaultPayloadConverter.toPayload(value);
    const place = { type: 'workflow', namespace: 'ratchet', workflowId: 'day-a' } as const;
    const [payload] = await codec.encode([plain], place);
    const metadata = Object.fromEntries(
      Object.entries(payload?.metadata ?? {}).map(([name, bytes]) => [
        name,
        Buffer.from(bytes).toString('base64'),
      ]),
    );
    return JSON.stringify({
      payloads: [{ metadata, data: Buffer.from(payload?.data ?? []).toString('base64') }],
    });
  };
  const shown = (text: string): unknown => {
    const { payloads } = JSON.parse(text) as { payloads: { data: string }[] };
    return JSON.parse(Buffer.from(payloads[0]?.data ?? '', 'base64').toString());
  };

  test('the UI’s page reads what is in a payload, and is told what is not ours', async () => {
    const { status, text } = await ask({ body: await sent({ stop: 100 }) });
    expect([status, shown(text)]).toEqual([200, { stop: 100 }]);
    expect((await ask({ method: 'OPTIONS' })).status).toBe(204);
    const foreign = { metadata: { encoding: btoa('json/plain') }, data: btoa('1') };
    const answer = await ask({ body: JSON.stringify({ payloads: [foreign] }) });
    expect(shown(answer.text)).toEqual({ 'ratchet.refused': 'it is not encrypted' });
  });

  test.each<[string, Asked, number]>([
    ['another page', { headers: { origin: 'https://evil.example' } }, 403],
    ['a process without an origin', { headers: { origin: '' } }, 403],
    ['another name', { headers: { host: 'evil.example' } }, 421],
    ['no token', { path: '/decode' }, 403],
    ['another token', { path: `/${'A'.repeat(32)}/decode` }, 403],
    ['a request to encode', { path: '/encode' }, 403],
    ['another method', { method: 'GET' }, 405],
    ['a body that is none', { body: '{' }, 400],
    ['payloads that are none', { body: '{"payloads": [1]}' }, 400],
  ])('%s: refused', async (_, asked, status) => {
    expect((await ask(asked)).status).toBe(status);
  });
});
