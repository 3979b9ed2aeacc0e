// A local server of hostile news feeds, one kind of fault at each path, and one good feed.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const item = (title: string, at = 'Thu, 15 Apr 2021 09:30:00 +0530', id = 'g1'): string =>
  `<item><title>${title}</title><guid isPermaLink="false">${id}</guid><pubDate>${at}</pubDate></item>`;

const document = (items: string): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${items}</channel></rss>`;

/** A feed of one headline. */
export const rss = (title: string, at?: string): string => document(item(title, at));

const entities = 'bcdefghi'
  .split('')
  .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghi'[index] ?? ''};`.repeat(10)}">`)
  .join('');
const bomb = rss('&i;').replace('?>', `?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">${entities}]>`);
const flood = document(
  Array.from({ length: 6_000 }, (_, index) => item('SBI sinks', undefined, `f${index}`)).join(''),
);

type Behaviour = (request: IncomingMessage, reply: ServerResponse) => void;

const bad: Readonly<Record<string, readonly [behaviour: Behaviour, why: string]>> = {
  hangs: [() => undefined, 'no whole answer within'],
  stalls: [(_, reply) => reply.write('<rss>'), 'no whole answer within'],
  lies: [
    (_, reply) => {
      const body = 'x'.repeat(3_000_000);
      reply.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n${body}`);
    },
    '',
  ],
  endless: [(_, reply) => reply.end('x'.repeat(3_000_000)), 'sent more than'],
  html: [
    (_, reply) => reply.end('<!doctype html><html><body>Please log in</body></html>'),
    'neither RSS nor Atom',
  ],
  gzip: [
    (_, reply) => {
      reply.setHeader('content-encoding', 'gzip');
      reply.end(gzipSync(Buffer.alloc(50_000_000)));
    },
    'compressed',
  ],
  deep: [(_, reply) => reply.end(`<rss><channel>${'<a>'.repeat(200_000)}`), 'nested'],
  inward: [
    (_, reply) => reply.writeHead(302, { location: 'http://10.0.0.1/secret' }).end(),
    'must use https',
  ],
  metadata: [
    (_, reply) => reply.writeHead(302, { location: 'https://169.254.169.254/' }).end(),
    'not public',
  ],
  circle: [
    (_, reply) => reply.writeHead(302, { location: '/circle' }).end(),
    'redirects more than 3 times',
  ],
  broken: [(_, reply) => reply.writeHead(503).end(), 'answered 503'],
};

/** Feeds that cannot be read, with words of the failure. */
export const unreadable: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(bad).map(([name, [, why]]) => [name, why]),
);

/** Feeds that can be read and must do no harm: entities that expand, a flood, the year 2099. */
const readable: Readonly<Record<string, Behaviour>> = {
  good: (_, reply) => reply.end(rss('SBI gains')),
  bomb: (_, reply) => reply.end(bomb),
  flood: (_, reply) => reply.end(flood),
  future: (_, reply) =>
    reply.end(rss('SBI profit jumps tenfold', 'Tue, 01 Dec 2099 09:30:00 +0530')),
};

export class HostileFeeds {
  readonly #server: Server;
  /** What is asked for now, by path; a test may change one. */
  readonly behaviours: Record<string, Behaviour>;
  readonly seen: IncomingMessage[] = [];
  base = '';

  constructor() {
    const unread = Object.entries(bad).map(([name, [behaviour]]) => [name, behaviour] as const);
    this.behaviours = { ...readable, ...Object.fromEntries(unread) };
    this.#server = createServer((request, reply) => {
      this.seen.push(request);
      this.behaviours[(request.url ?? '').slice(1)]?.(request, reply);
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Every feed as a configuration names it. */
  feeds(): { name: string; kind: 'feed'; url: string }[] {
    return Object.keys(this.behaviours).map((name) => this.feed(name));
  }

  feed(name: string): { name: string; kind: 'feed'; url: string } {
    return { name, kind: 'feed', url: `${this.base}/${name}` };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
