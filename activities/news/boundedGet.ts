// A GET of a foreign document that cannot harm the worker. It goes to a public address only, which is checked
// again at every redirect. A redirect to another origin carries none of our headers, and may not lead to where only
// the first address was allowed to. One deadline covers everything. The size is counted as it arrives, whatever the
// server claims. Compression is not requested, so nothing can unpack to more.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import {
  allowedAddress,
  checkTargetUrl,
  pinned,
  systemResolve,
  type Resolve,
  type TargetRules,
} from '../../infra/net/targetAddress';

export interface BoundedGet {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rules: TargetRules;
  readonly timeoutMs: number;
  readonly bytesMax: number;
  readonly resolve?: Resolve;
}

export interface BoundedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Its charset is the reader's affair (charset.ts). */
  readonly body: Uint8Array;
}

const redirectsMax = 3;

/**
 * @throws Refused for a forbidden address; Error in a few words when no whole reply came within time and
 * size.
 */
export async function boundedGet(get: BoundedGet): Promise<BoundedReply> {
  const signal = AbortSignal.timeout(get.timeoutMs);
  let step: Step = get;
  for (let hop = 0; hop <= redirectsMax; hop += 1) {
    const reply = await getOnce(get, step, signal);
    const { location } = reply.headers;
    if (reply.status < 300 || reply.status >= 400 || typeof location !== 'string') return reply;
    step = redirected(step, location);
  }
  throw new Error(`redirects more than ${redirectsMax} times`);
}

/** One request on the way. What another origin has been left without, it does not get back. */
export type Step = Pick<BoundedGet, 'url' | 'headers' | 'rules'>;

/** Where a reply sends the request next. @throws Error where that is no address. */
export function redirected(step: Step, location: string): Step {
  if (!URL.canParse(location, step.url)) throw new Error('redirects to what is no address');
  const target = new URL(location, step.url);
  if (target.origin === new URL(step.url).origin) return { ...step, url: target.href };
  const rules = { ...step.rules, loopbackDevelopment: false, lan: false };
  return { url: target.href, rules };
}

async function getOnce(
  get: BoundedGet,
  { url: text, rules, headers }: Step,
  signal: AbortSignal,
): Promise<BoundedReply> {
  const url = checkTargetUrl(text, rules);
  const address = await allowedAddress(url, rules, get.resolve ?? systemResolve);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      {
        agent: false,
        signal,
        lookup: pinned(address),
        headers: { 'accept-encoding': 'identity', 'user-agent': 'ratchet', ...headers },
      },
      (reply) => {
        read(reply, get.bytesMax).then(
          (body) => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body }),
          reject,
        );
      },
    );
    outgoing.once('error', (error) =>
      reject(signal.aborted ? new Error(`no whole answer within ${get.timeoutMs} ms`) : error),
    );
    outgoing.end();
  });
}

async function read(reply: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  if (reply.headers['content-encoding'] !== undefined) {
    reply.destroy();
    throw new Error('sent a compressed document that was not asked for');
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of reply as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bytesMax) {
      reply.destroy();
      throw new Error(`sent more than ${bytesMax} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
