// Shows a person in Temporal's UI what is in the payloads. The UI's page asks this server to decode them. It runs
// while somebody wants to look, on loopback, behind a token in its address, for the UI's own origin only. It never
// encodes: what the UI sends into a workflow stays foreign.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { arrivalOf, doorOf, refusalAt } from '../../domain/web/door';
import { serveOnLoopback } from '../net/loopbackServer';

export interface CodecServer {
  /** What is put into the UI's settings. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** A page of a history's events. */
const bodyMax = 16 * 1024 * 1024;

const bytes = z.base64().transform((text) => Buffer.from(text, 'base64'));
const shape = z.object({
  payloads: z.array(
    z.object({ metadata: z.record(z.string(), bytes).optional(), data: bytes.optional() }),
  ),
});

/** @param origins of the UI's pages. @param codec marks what is not ours. */
export async function startCodecServer(
  codec: PayloadCodec,
  origins: readonly string[],
  port = 0,
): Promise<CodecServer> {
  const token = randomBytes(24).toString('base64url');
  const door = doorOf('127.0.0.1');
  const server = await serveOnLoopback(port, (request, response) => {
    const origin = request.headers.origin ?? '';
    // The page's origin is another port's, which the door would turn away, so it is looked at here.
    const arrival = { ...arrivalOf(request), origin: undefined, fetchSite: undefined };
    if (refusalAt(door, arrival) !== undefined) {
      end(response, 421);
      return;
    }
    if (!origins.includes(origin) || !isOurs(request.url, token)) {
      end(response, 403);
      return;
    }
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-headers', 'content-type, x-namespace');
    response.setHeader('access-control-allow-methods', 'POST');
    response.setHeader('vary', 'origin');
    if (request.method === 'OPTIONS') {
      end(response, 204);
      return;
    }
    if (request.method !== 'POST') {
      end(response, 405);
      return;
    }
    decoded(request, codec).then(
      (text) => end(response, text === undefined ? 400 : 200, text),
      () => end(response, 400),
    );
  });
  return { endpoint: `http://127.0.0.1:${server.port}/${token}`, close: server.close };
}

function end(response: ServerResponse, status: number, text?: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(text);
}

function isOurs(path: string | undefined, token: string): boolean {
  const asked = Buffer.from(path ?? '');
  const own = Buffer.from(`/${token}/decode`);
  return asked.length === own.length && timingSafeEqual(asked, own);
}

/** @returns undefined for a body that is none. */
async function decoded(request: IncomingMessage, codec: PayloadCodec): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyMax) return undefined;
    chunks.push(chunk);
  }
  const { data } = shape.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
  if (data === undefined) return undefined;
  const payloads = await codec.decode(data.payloads.map(payloadOf));
  return JSON.stringify({ payloads: payloads.map(toJson) });
}

const payloadOf = ({
  metadata = {},
  data,
}: z.infer<typeof shape>['payloads'][number]): Payload => ({
  metadata,
  ...(data !== undefined && { data }),
});

const toJson = ({ metadata, data }: Payload): object => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
  ),
  data: base64(data),
});

const base64 = (value: Uint8Array | null | undefined): string =>
  Buffer.from(value ?? []).toString('base64');
