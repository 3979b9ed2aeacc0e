// HTTP requests with something wrong in their bytes: lines, headers, lengths, encodings and bodies mangled in the
// ways of broken clients and of those who look for a gap. Each is sent on a connection of its own.
import { connect } from 'node:net';
import type { Chance } from '../../exchange/market/chance';

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Parts {
  line: string;
  headers: string[];
  body: Buffer;
}

const oddBytes = Buffer.from([0, 1, 13, 10, 127, 128, 255, 0xed, 0xa0, 0x80]);

type Mutation = (parts: Parts, chance: Chance) => void;

const mutations: readonly [Mutation, ...Mutation[]] = [
  (parts, chance) => void (parts.line = mangled(parts.line, chance)),
  (parts, chance) => void (parts.body = turned(parts.body, chance)),
  (parts, chance) => void (parts.body = parts.body.subarray(0, chance.whole(0, parts.body.length))),
  (parts, chance) => void (parts.body = Buffer.concat(Array(chance.whole(2, 20)).fill(parts.body))),
  (parts, chance) => void parts.headers.splice(chance.whole(0, parts.headers.length), 1),
  (parts, chance) => void parts.headers.push(chance.pick(headers)),
  (parts, chance) => {
    const place = chance.whole(0, parts.headers.length - 1);
    parts.headers[place] = mangled(parts.headers[place] ?? '', chance);
  },
  (parts, chance) => void (parts.body = nested(chance)),
  (parts, chance) => void (parts.line = parts.line.replace(/^\w+/, chance.pick(methods))),
  (parts, chance) => void (parts.line = parts.line.replace(/ \S+ /, ` ${chance.pick(targets)} `)),
];

const methods = [
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'HEAD',
  'GET',
  'PATCH',
  'CONNECT',
  'get',
] as const;
const targets = [
  '*',
  '//',
  '/%',
  '/%00',
  '/%ff%fe',
  '/..%2f..%2fetc',
  'http://evil.example/',
  '/?a=%',
] as const;
const headers = [
  'Host: evil.example',
  'Host: localhost',
  'Origin: null',
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Content-Encoding: gzip',
  'Content-Encoding: br',
  'Content-Type: text/plain',
  'Content-Type: multipart/form-data',
  'Inference-Header-Content-Length: 3',
  'Inference-Header-Content-Length: 1e9',
  'Authorization: Bearer',
  'Authorization: token a:b',
  'X-Kite-Version: 99',
  'X-Routing-Key: ',
  'Expect: 100-continue',
  'Upgrade: websocket',
  `X-Long: ${'y'.repeat(9_000)}`,
  ' X-Folded: a',
  'no colon at all',
  'X-Space : before',
] as const;

function mangled(text: string, chance: Chance): string {
  const place = chance.whole(0, text.length);
  const put = chance.pick(['', ' ', '\0', '\r', '\n', '%', '"', '/', '..', 'é', '9'.repeat(40)]);
  return text.slice(0, place) + put + text.slice(place + chance.whole(0, 3));
}

function turned(bytes: Buffer, chance: Chance): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = chance.whole(1, 4); count > 0 && copy.length > 0; count -= 1) {
    copy[chance.whole(0, copy.length - 1)] = oddBytes[chance.whole(0, oddBytes.length - 1)] ?? 0;
  }
  return copy;
}

const nested = (chance: Chance): Buffer =>
  Buffer.from(
    chance
      .pick(['[', '{"inputs":', '{"__proto__":{"a":1},"constructor":', '1e999', '"\\ud800', 'null'])
      .repeat(chance.whole(1, 2_000)),
  );

/** The bytes of the request with one to three things wrong. */
export function mutatedRequest(request: PlainRequest, chance: Chance): Buffer {
  const { method, path, body } = request;
  const parts: Parts = {
    line: `${method} ${path} HTTP/1.1`,
    headers: Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    body: Buffer.from(body),
  };
  const tellsLength = chance.unit() < 0.8;
  for (let count = chance.whole(1, 3); count > 0; count -= 1) chance.pick(mutations)(parts, chance);
  if (tellsLength) parts.headers.push(`Content-Length: ${parts.body.length}`);
  const head = [parts.line, ...parts.headers, 'Connection: close', '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), parts.body]);
}

/**
 * Sends the bytes, says that no more will come, and waits for the end. @returns the statuses of all answers; none
 * where the connection was ended without a word.
 */
export function statusesOf(port: number, bytes: Buffer): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () =>
      resolve([...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))),
    );
    socket.end(bytes);
  });
}

/** Sends all of them, so many at a time. */
export async function sendAll(
  port: number,
  requests: readonly Buffer[],
): Promise<readonly (readonly number[])[]> {
  const answers: (readonly number[])[] = new Array<readonly number[]>(requests.length);
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let index = next++; index < requests.length; index = next++) {
      answers[index] = await statusesOf(port, requests[index] ?? Buffer.alloc(0));
    }
  };
  await Promise.all(Array.from({ length: 16 }, sender));
  return answers;
}
