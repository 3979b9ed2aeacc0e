// Goal: Temporal's UI is reached by its own name only, whatever a page in the browser tries. Method: a stand-in for
// the UI behind the door, asked as a person's browser, by a foreign name, and from a foreign page.
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '../../../infra/freePort';
import type { LoopbackServer } from '../../../infra/net/loopbackServer';
import { hiddenAddress, openUiDoor } from '../../../infra/temporal/uiDoor';

describe('the door before the UI', () => {
  const host = hiddenAddress();
  let ui: Server;
  let door: LoopbackServer;
  let port: number;
  const asked: string[] = [];

  beforeAll(async () => {
    ui = createServer((incoming, response) => {
      asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
      response.writeHead(200, { 'set-cookie': '_csrf=abc' }).end('the UI');
    }).listen(0, host);
    await once(ui, 'listening');
    port = await freePort();
    door = await openUiDoor(port, { host, port: (ui.address() as AddressInfo).port });
  });
  afterAll(async () => {
    await door.close();
    ui.close();
  });

  const ask = (
    headers: Record<string, string>,
    method = 'GET',
  ): Promise<{ status: number | undefined; body: string }> =>
    new Promise((settle, fail) => {
      const path = '/api/v1/namespaces';
      const one = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => settle({ status: answer.statusCode, body }));
      });
      one.on('error', fail);
      one.end();
    });

  test('a person’s own page passes, with its cookies', async () => {
    const own = `127.0.0.1:${port}`;
    expect(await ask({ host: own })).toEqual({ status: 200, body: 'the UI' });
    expect(await ask({ host: `localhost:${port}` })).toMatchObject({ status: 200 });
    expect(await ask({ host: own, origin: `http://${own}` }, 'POST')).toMatchObject({
      status: 200,
    });
    expect(asked).toHaveLength(3);
  });

  test.each([
    ['another name', { host: 'evil.example' }, 421],
    ['another name with the port', { host: 'evil.example:8233' }, 421],
    ['a foreign page', { origin: 'https://evil.example' }, 403],
    [
      'a foreign page without an origin',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      403,
    ],
    ['a sandboxed page', { origin: 'null' }, 403],
  ])('%s is turned away, and the UI never hears of it', async (_, headers, status) => {
    const before = asked.length;
    const own = { host: `127.0.0.1:${port}`, ...headers };
    expect(await ask(own, 'POST')).toMatchObject({ status });
    expect(asked).toHaveLength(before);
  });

  test('a UI that is away is said', async () => {
    const away = await freePort();
    const nowhere = await openUiDoor(away, { host: '127.0.0.1', port: 1 });
    const answer = await fetch(`http://127.0.0.1:${away}/`);
    expect([answer.status, await answer.text()]).toEqual([502, 'The UI does not answer.']);
    await nowhere.close();
  });
});
