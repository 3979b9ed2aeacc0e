// A request as the routes see it: path, query, form or JSON body, bounded and decoded. An unreadable request
// is refused here in Kite's error shape, so that no route sees it.
import type { IncomingMessage } from 'node:http';
import { KiteError, inputError } from '../engine/kiteError';

export interface KiteRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly body: string;
  readonly authorization: string;
  /** The address it came from, e.g. 127.0.0.1. */
  readonly address: string;
  readonly paperToken: string;
}

/** An answer: JSON in the envelope, or a text of its own type. */
export interface KiteReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Where the browser goes next, with status 302. */
  readonly location?: string;
}

const bodyBytesMax = 1_000_000;

/** @throws KiteError 413 when the body is too large, 400 when the path is not readable. */
export async function readRequest(request: IncomingMessage): Promise<KiteRequest> {
  const url = parseUrl(request.url ?? '/');
  const body = await readBody(request);
  const isJson = (request.headers['content-type'] ?? '').includes('json');
  return {
    method: request.method ?? 'GET',
    path: decodePath(url.pathname),
    query: url.searchParams,
    form: new URLSearchParams(isJson ? '' : body),
    body,
    authorization: request.headers.authorization ?? '',
    address: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    paperToken: String(request.headers['x-paper-token'] ?? ''),
  };
}

/** `{"status":"success","data":…}` */
export const success = (content: unknown): KiteReply => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify({ status: 'success', data: content }),
});

/** Kite's error envelope. */
export const failure = (error: KiteError): KiteReply => ({
  status: error.status,
  contentType: 'application/json',
  body: JSON.stringify({
    status: 'error',
    message: error.message,
    data: null,
    error_type: error.errorType,
  }),
});

/** The body as JSON. @throws KiteError when it is none. */
export function jsonBody(request: KiteRequest): unknown {
  try {
    return JSON.parse(request.body) as unknown;
  } catch {
    throw inputError('Invalid JSON in the request body.');
  }
}

function parseUrl(text: string): URL {
  try {
    return new URL(text, 'http://paper');
  } catch {
    throw inputError('Invalid request path.');
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw inputError('Invalid request path.');
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= bodyBytesMax) chunks.push(chunk);
  }
  if (size > bodyBytesMax) throw new KiteError(413, 'InputException', 'Request body is too large.');
  return Buffer.concat(chunks).toString('utf8');
}
