// Goal: the report shows sentiment against price, and hides neither a dead source nor a time when sentiment
// was too old to count. Method: a day's passes and candles in a database, read and drawn as the report does.
import type { Pool } from 'pg';
import { storeReading } from '../../../activities/news/store';
import { newsFacts, staleSpans, type NewsFacts } from '../../../activities/reports/newsFacts';
import { newsSection } from '../../../activities/reports/newsSection';
import { storeCandles } from '../../../activities/marketData/candles';
import { neutralSentiment, type SentimentView } from '../../../domain/sentiment/view';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { istInstant } from '../../../domain/session/sessionClock';
import { planSession } from '../../../domain/session/sessionPlan';
import { epochMs, paise, shares, type EpochMs } from '../../../domain/units';
import { hasPostgres, useDatabase } from '../../support/database';

const date = '2026-11-20';
const at = (time: string): EpochMs => istInstant(date, time);
const minuteMs = 60_000;
const host = at('09:00');
const plan = planSession(date, { marketAt: host, hostAt: host, speed: 1 }, nseCalendar);

const view = (asOf: EpochMs, score: number): SentimentView => ({
  asOf,
  score,
  confidence: 0.6,
  itemCount: 1,
  evidence: ['Strong negative news sentiment detected: INFY <b>slumps</b> (Mint)'],
});

(hasPostgres ? describe : describe.skip)('news in the report', () => {
  let pool: Pool;
  let facts: NewsFacts;

  useDatabase((made) => {
    pool = made;
  });
  beforeAll(async () => {
    const dead = { source: 'Mint', why: 'answered 503', timesInARow: 1 };
    const passes = [
      { asOf: at('09:10'), failures: [], scores: [-0.8, null] },
      { asOf: at('09:30'), failures: [dead], scores: [-0.7, null] },
      { asOf: at('12:30'), failures: [{ ...dead, why: 'sent HTML' }], scores: [null, null] },
    ] as const;
    for (const { asOf, failures, scores } of passes) {
      const [infy, tcs] = scores.map((score) =>
        score === null ? neutralSentiment(asOf) : view(asOf, score),
      );
      const views = new Map([
        ['INFY', infy ?? neutralSentiment(asOf)],
        ['TCS', tcs ?? neutralSentiment(asOf)],
      ]);
      await storeReading(pool, 'a', { asOf, headlines: 3, scored: 1, failures }, views);
      await storeReading(pool, 'other', { asOf, headlines: 3, scored: 1, failures }, views);
    }
    const price = paise(150_000);
    await storeCandles(
      pool,
      Array.from({ length: 60 }, (_, minute) => ({
        tradingsymbol: 'INFY',
        candle: {
          at: epochMs(at('09:15') + minute * minuteMs),
          open: price,
          high: price,
          low: price,
          close: paise(150_000 + minute),
          volume: shares(1),
        },
      })),
    );
    facts = await newsFacts(pool, 'a', plan);
  });

  test('holds the views of every stock in the news with its price, and names the others', () => {
    expect(facts.passes).toBe(3);
    expect(facts.withoutNews).toEqual(['TCS']);
    expect(facts.stocks.map(({ tradingsymbol }) => tradingsymbol)).toEqual(['INFY']);
    const [infy] = facts.stocks;
    expect(infy?.views).toEqual([
      { asOf: at('09:10'), score: -0.8, confidence: 0.6 },
      { asOf: at('09:30'), score: -0.7, confidence: 0.6 },
      { asOf: at('12:30'), score: 0, confidence: 0 },
    ]);
    expect(infy?.evidence).toEqual([{ at: at('09:10'), words: view(at('09:10'), 0).evidence[0] }]);
    expect(infy?.prices).toHaveLength(12);
    expect(infy?.prices[0]).toEqual({ at: at('09:19'), close: 150_004 });
  });

  test('says which source failed, how often, from when to when, and when sentiment was too old', () => {
    expect(facts.failures).toEqual([
      { source: 'Mint', times: 2, first: at('09:30'), last: at('12:30'), why: 'sent HTML' },
    ]);
    expect(facts.stale).toEqual([
      { from: at('11:30'), until: at('12:30') },
      { from: at('14:30'), until: at('15:15') },
    ]);
    const markup = newsSection(facts).text;
    expect(markup).toContain('11:30–12:30, 14:30–15:15');
    expect(markup).toMatch(/Mint.*2 of 3.*09:30.*12:30.*sent HTML/);
  });

  test('draws a chart of price, sentiment and confidence, with foreign words escaped', () => {
    const markup = newsSection(facts).text;
    expect(markup.match(/<svg/g)).toHaveLength(1);
    for (const name of ['price', 'sentiment', 'confidence']) expect(markup).toContain(`>${name}<`);
    expect(markup).toContain('INFY &lt;b&gt;slumps&lt;/b&gt;');
    expect(markup).toContain('Not in the news: TCS.');
  });
});

test('a day without any pass was stale from its open to its end, one with steady passes never', () => {
  const session = { from: at('09:15'), until: at('15:15') };
  expect(staleSpans([], [session])).toEqual([session]);
  const steady = ['09:00', '10:50', '12:40', '14:30'].map(at);
  expect(staleSpans(steady, [session])).toEqual([]);
});
