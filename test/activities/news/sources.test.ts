// Goal: a source of news can be slow, wrong, huge or hostile and costs itself alone. Method: a local server
// that does each of these on demand, beside one that behaves.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { NewsReader, type NewsSource } from '../../../activities/news';
import {
  announcementHeadlines,
  feedHeadlines,
  postHeadlines,
} from '../../../activities/news/headlines';

const rss = (title: string): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>${title}</title><guid isPermaLink="false">g1</guid><pubDate>Thu, 15 Apr 2021 09:30:00 +0530</pubDate></item></channel></rss>`;

const bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">${'bcdefghi'
  .split('')
  .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghi'[index]};`.repeat(10)}">`)
  .join('')}]>${rss('&i;').replace('<?xml version="1.0"?>', '')}`;

type Behaviour = (request: IncomingMessage, reply: ServerResponse) => void;
const behaviours: Readonly<Record<string, Behaviour>> = {
  good: (_, reply) => reply.end(rss('SBI gains')),
  hangs: () => undefined,
  stalls: (_, reply) => reply.write('<rss>'),
  lies: (_, reply) => {
    reply.setHeader('content-length', '20');
    reply.socket?.end(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(3_000_000)}`);
  },
  html: (_, reply) => reply.end('<!doctype html><html><body>Please log in</body></html>'),
  gzip: (_, reply) => {
    reply.setHeader('content-encoding', 'gzip');
    reply.end(gzipSync(Buffer.alloc(50_000_000)));
  },
  bomb: (_, reply) => reply.end(bomb),
  inward: (_, reply) => reply.writeHead(302, { location: 'http://10.0.0.1/secret' }).end(),
  metadata: (_, reply) => reply.writeHead(302, { location: 'https://169.254.169.254/' }).end(),
  circle: (_, reply) => reply.writeHead(302, { location: '/circle' }).end(),
  broken: (_, reply) => reply.writeHead(503).end(),
};

describe('sources of news', () => {
  let server: Server;
  let base: string;
  const seen: IncomingMessage[] = [];

  beforeAll(async () => {
    server = createServer((request, reply) => {
      seen.push(request);
      behaviours[(request.url ?? '').slice(1)]?.(request, reply);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const source = (name: string, kind: NewsSource['kind'] = 'feed'): NewsSource => ({
    name,
    kind,
    url: `${base}/${name}`,
  });
  const readerOf = (sources: readonly NewsSource[]): NewsReader =>
    new NewsReader({
      ...{ sources, loopback: true, postsToken: undefined, everyMinMs: 0 },
      timeoutMs: 1_500,
    });

  test('every bad source at once: the good one is read, the others are named, nothing unfolds', async () => {
    const bad = Object.keys(behaviours).filter((name) => name !== 'good' && name !== 'bomb');
    const { headlines, failures } = await readerOf(
      ['good', ...bad].map((name) => source(name)),
    ).read();
    expect(headlines.map(({ title }) => title)).toEqual(['SBI gains']);
    expect(failures.map((failure) => failure.source).sort()).toEqual([...bad].sort());
    const about = (name: string): string =>
      failures.find((failure) => failure.source === name)?.why ?? '';
    expect(about('hangs')).toContain('no whole answer within 1500 ms');
    expect(about('html')).toContain('neither RSS nor Atom');
    expect(about('gzip')).toContain('compressed');
    expect(about('inward')).toContain('must use https');
    expect(about('metadata')).toContain('not public');
    expect(about('circle')).toContain('redirects more than 3 times');
    expect(about('broken')).toContain('answered 503');
  });

  test('entities that would unfold to a gigabyte do not', async () => {
    const { headlines, failures } = await readerOf([source('bomb')]).read();
    expect(failures.length + headlines.length).toBe(1);
    expect(headlines.every(({ title }) => title.length <= 500)).toBe(true);
  });

  test('a dead source gives what it gave before, and says for how long it has been dead', async () => {
    const reader = readerOf([source('good')]);
    await reader.read();
    const well = behaviours['good'];
    Object.assign(behaviours, { good: behaviours['broken'] });
    try {
      await reader.read();
      const { headlines, failures } = await reader.read();
      expect(headlines).toHaveLength(1);
      expect(failures).toEqual([{ source: 'good', why: 'answered 503', timesInARow: 2 }]);
    } finally {
      Object.assign(behaviours, { good: well });
    }
  });

  test('an unchanged document is asked for by its validators and not read again', async () => {
    const well = behaviours['good'];
    Object.assign(behaviours, {
      good: ((request, reply) => {
        if (request.headers['if-none-match'] === '"v1"') return reply.writeHead(304).end();
        reply.setHeader('etag', '"v1"');
        return reply.end(rss('SBI gains'));
      }) satisfies Behaviour,
    });
    try {
      const reader = readerOf([source('good')]);
      await reader.read();
      const again = await reader.read();
      expect(again).toMatchObject({ headlines: [{ title: 'SBI gains' }], failures: [] });
      expect(seen.at(-1)?.headers['if-none-match']).toBe('"v1"');
    } finally {
      Object.assign(behaviours, { good: well });
    }
  });

  test('a source is not asked more often than it likes; posts without a token are off', async () => {
    let now = 0;
    const reader = new NewsReader({
      sources: [source('good'), source('posts', 'posts')],
      ...{ loopback: true, postsToken: undefined, everyMinMs: 60_000, now: () => now },
    });
    const before = seen.length;
    await reader.read();
    await reader.read();
    expect(seen.length - before).toBe(1);
    now = 60_000;
    await reader.read();
    expect(seen.length - before).toBe(2);
  });

  test('loopback is refused where it is not allowed', async () => {
    const reader = new NewsReader({
      sources: [source('good')],
      ...{ loopback: false, postsToken: undefined, everyMinMs: 0 },
    });
    expect((await reader.read()).failures[0]?.why).toContain('feed URL must use https');
  });

  test('a file is read like a feed', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ratchet-news-')), 'feed.xml');
    writeFileSync(file, rss('Infosys slips'));
    const { headlines } = await readerOf([{ name: 'file', kind: 'file', url: file }]).read();
    expect(headlines).toMatchObject([{ title: 'Infosys slips', source: 'file' }]);
  });
});

describe('forms of news', () => {
  const nine30 = Date.parse('2021-04-15T04:00:00Z');

  test('RSS: CDATA, entities, a guid with attributes; an undated or untitled item is left out', () => {
    const body = rss('<![CDATA[M&M gains 2 %]]>').replace(
      '</channel>',
      '<item><title>no date</title></item><item><title>M&amp;M again</title><pubDate>Thu, 15 Apr 2021 04:00:00 GMT</pubDate></item></channel>',
    );
    expect(feedHeadlines('s', body)).toEqual([
      { guid: 's/g1', at: nine30, title: 'M&M gains 2 %', source: 's' },
      expect.objectContaining({ title: 'M&M again', at: nine30 }),
    ]);
  });

  test('Atom', () => {
    const body =
      '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title type="html">TCS wins deal</title><updated>2021-04-15T04:00:00Z</updated></entry></feed>';
    expect(feedHeadlines('s', body)).toEqual([
      { guid: 's/urn:1', at: nine30, title: 'TCS wins deal', source: 's' },
    ]);
  });

  test('an exchange’s announcements, in India’s time, with the symbol in front', () => {
    const body = JSON.stringify([
      {
        symbol: 'INFY',
        desc: 'Outcome of Board Meeting',
        attchmntText: 'Infosys has informed the Exchange about a buyback',
        an_dt: '15-Apr-2021 09:30:00',
        seq_id: 105,
      },
      { symbol: 'BROKEN' },
    ]);
    expect(announcementHeadlines('nse', body)).toEqual([
      {
        guid: 'nse/105',
        at: nine30,
        title: 'INFY: Outcome of Board Meeting – Infosys has informed the Exchange about a buyback',
        source: 'nse',
      },
    ]);
  });

  test('posts; an empty search is no news, another form is an error', () => {
    const body = JSON.stringify({
      data: [{ id: '7', text: 'Buying\n$SBIN here', created_at: '2021-04-15T04:00:00.000Z' }],
    });
    expect(postHeadlines('x', body)).toEqual([
      { guid: 'x/7', at: nine30, title: 'Buying $SBIN here', source: 'x' },
    ]);
    expect(postHeadlines('x', '{"meta":{"result_count":0}}')).toEqual([]);
    expect(() => postHeadlines('x', '{"data":"no"}')).toThrow();
    expect(() => announcementHeadlines('nse', '<html>')).toThrow();
  });
});
