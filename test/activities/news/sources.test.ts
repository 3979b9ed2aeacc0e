// Goal: a source of news can be slow, wrong, huge or hostile and costs itself alone. Method: a local server
// that does each of these on demand, beside one that behaves.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NewsReader, type NewsSource } from '../../../activities/news';
import {
  announcementHeadlines,
  feedHeadlines,
  postHeadlines,
} from '../../../activities/news/headlines';
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

  test('BSE’s announcements', () => {
    const filing = {
      SLONGNAME: 'Infosys Ltd',
      HEADLINE: 'Board approves buyback of shares',
      NEWS_DT: '2021-04-15T09:30:00.123',
      NEWSID: 'a-1',
    };
    const body = JSON.stringify({ Table: [filing, { SLONGNAME: 'BROKEN' }], Table1: [] });
    expect(announcementHeadlines('bse', body)).toEqual([
      {
        guid: 'bse/a-1',
        at: nine30 + 123,
        title: 'Infosys Ltd: Board approves buyback of shares',
        source: 'bse',
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
