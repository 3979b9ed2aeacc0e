// One HTTP attempt: a POST to an address that was checked, with the endpoint's own name for TLS and Host. It
// follows no redirects and uses no proxies. One deadline covers everything.
import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { pinned } from '../../infra/net/targetAddress';

export interface HttpPost {
  readonly url: URL;
  readonly address: LookupAddress;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Certificate authority for a receiver with a private one. */
  readonly certificateAuthority?: string | undefined;
  /** How much of the reply is read; 64 kB by default. What is longer is cut there, and its status counts. */
  readonly replyBytesMax?: number;
  /** Ends the attempt before its deadline. */
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

const defaultReplyBytes = 64 * 1024;

/** @throws Error when there is no complete reply within the deadline. */
export function postOnce(post: HttpPost): Promise<HttpReply> {
  const send = post.url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(post.url, requestOptions(post), (reply) => {
      const read = collect(reply, post.replyBytesMax ?? defaultReplyBytes);
      reply.once('error', reject);
      reply.once('close', () => {
        const retryAfter = reply.headers['retry-after'];
        resolve({ status: reply.statusCode ?? 0, retryAfter, body: read() });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(post.body);
  });
}

function requestOptions(post: HttpPost): RequestOptions {
  const deadline = AbortSignal.timeout(post.timeoutMs);
  return {
    method: 'POST',
    agent: false,
    headers: { ...post.headers, 'content-length': String(Buffer.byteLength(post.body)) },
    lookup: pinned(post.address),
    signal: post.signal === undefined ? deadline : AbortSignal.any([deadline, post.signal]),
    ...(post.certificateAuthority !== undefined && { ca: post.certificateAuthority }),
  };
}

/** @returns what has been read so far, as text. */
function collect(reply: IncomingMessage, bytesMax: number): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  reply.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) reply.destroy();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
