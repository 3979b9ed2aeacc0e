// Goal: a source of news can be slow, wrong, huge or hostile and costs itself alone. Method: a local server
// that does each of these on demand, beside one that behaves.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NewsReader, type NewsSource } from '../../../activities/news';
import { HostileFeeds, rss, unreadable } from '../../support/hostileFeeds';

describe('sources of news', () => {
  const feeds = new HostileFeeds();
  beforeAll(() => feeds.listen());
  afterAll(() => feeds.close());

  const readerOf = (sources: readonly NewsSource[]): NewsReader =>
    new NewsReader({
      sources,
      loopback: true,
      postsToken: undefined,
      everyMinMs: 0,
      // What hangs is given up by then; a busy machine reads everything else long before.
      timeoutMs: 10_000,
    });

  test('every bad source at once: the others are read, each bad one is named, nothing unfolds', async () => {
    const { headlines, failures } = await readerOf(feeds.feeds()).read();
    const readable = new Set(headlines.map(({ source }) => source));
    expect([...readable]).toEqual(expect.arrayContaining(['good', 'flood', 'future']));
    const bad = Object.keys(unreadable);
    const named = failures.map(({ source }) => source).filter((name) => name !== 'bomb');
    expect(named.sort()).toEqual([...bad].sort());
    for (const { source, why } of failures) expect(why).toContain(unreadable[source] ?? '');
    // The bomb is either refused, or read as the few letters it is written with.
    expect(headlines.every(({ title }) => title.length <= 500)).toBe(true);
    expect(headlines.filter(({ source }) => source === 'flood')).toHaveLength(500);
  });

  test('a dead source gives what it gave before, and says for how long it has been dead', async () => {
    const reader = readerOf([feeds.feed('good')]);
    await reader.read();
    const { good: well } = feeds.behaviours;
    Object.assign(feeds.behaviours, { good: feeds.behaviours['broken'] });
    try {
      await reader.read();
      const { headlines, failures } = await reader.read();
      expect(headlines).toHaveLength(1);
      expect(failures).toEqual([{ source: 'good', why: 'answered 503', timesInARow: 2 }]);
    } finally {
      Object.assign(feeds.behaviours, { good: well });
    }
  });

  test('an unchanged document is asked for by its validators and not read again', async () => {
    const { good: well } = feeds.behaviours;
    feeds.behaviours['good'] = (request, reply) => {
      if (request.headers['if-none-match'] === '"v1"') return reply.writeHead(304).end();
      reply.setHeader('etag', '"v1"');
      return reply.end(rss('SBI gains'));
    };
    try {
      const reader = readerOf([feeds.feed('good')]);
      await reader.read();
      const again = await reader.read();
      expect(again).toMatchObject({ headlines: [{ title: 'SBI gains' }], failures: [] });
      expect(feeds.seen.at(-1)?.headers['if-none-match']).toBe('"v1"');
    } finally {
      Object.assign(feeds.behaviours, { good: well });
    }
  });

  test('a source is not asked more often than it likes; posts without a token are off', async () => {
    let now = 0;
    const reader = new NewsReader({
      sources: [feeds.feed('good'), { ...feeds.feed('good'), name: 'posts', kind: 'posts' }],
      loopback: true,
      postsToken: undefined,
      everyMinMs: 60_000,
      now: () => now,
    });
    const before = feeds.seen.length;
    await reader.read();
    await reader.read();
    expect(feeds.seen.length - before).toBe(1);
    now = 60_000;
    await reader.read();
    expect(feeds.seen.length - before).toBe(2);
  });

  test('a dead source is still called dead in a pass that does not ask it', async () => {
    const reader = new NewsReader({
      sources: [feeds.feed('broken')],
      loopback: true,
      postsToken: undefined,
      everyMinMs: 60_000,
      now: () => 0,
    });
    const { failures } = await reader.read();
    expect(failures).toEqual([{ source: 'broken', why: 'answered 503', timesInARow: 1 }]);
    expect(await reader.read()).toEqual({ headlines: [], failures });
  });

  test('loopback is refused where it is not allowed', async () => {
    const reader = new NewsReader({
      sources: [feeds.feed('good')],
      loopback: false,
      postsToken: undefined,
      everyMinMs: 0,
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
