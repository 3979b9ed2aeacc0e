// One HTTP attempt: a POST to an address that was checked, with the endpoint's own name for TLS and Host. It
// follows no redirects and uses no proxies. One deadline covers everything. The reply's body is read and
// dropped.
import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { pinned } from '../../infra/net/targetAddress';

export interface Post {
  readonly url: URL;
  readonly address: LookupAddress;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Certificate authority for a receiver with a private one. */
  readonly certificateAuthority?: string | undefined;
}

export interface PostReply {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

const maxReplyBytes = 64 * 1024;

/** @throws Error when there is no complete reply within the deadline. */
export function postOnce(post: Post): Promise<PostReply> {
  const send = post.url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(post.url, requestOptions(post), (reply) => {
      drain(reply);
      reply.once('error', reject);
      reply.once('close', () => {
        resolve({ status: reply.statusCode ?? 0, retryAfter: reply.headers['retry-after'] });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(post.body);
  });
}

function requestOptions(post: Post): RequestOptions {
  return {
    method: 'POST',
    agent: false,
    headers: { ...post.headers, 'content-length': String(Buffer.byteLength(post.body)) },
    lookup: pinned(post.address),
    signal: AbortSignal.timeout(post.timeoutMs),
    ...(post.certificateAuthority !== undefined && { ca: post.certificateAuthority }),
  };
}

function drain(reply: IncomingMessage): void {
  let bytes = 0;
  reply.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxReplyBytes) reply.destroy();
  });
}
