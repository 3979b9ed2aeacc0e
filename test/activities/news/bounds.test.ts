// Goal: the cost of a pass over the news is bounded however much there is, and no headline is lost that a
// feed no longer shows. A stand-in for the model counts its requests.
import type { Pool } from 'pg';
import type { ModelClient } from '../../../activities/models';
import { createNewsActivities, NewsReader } from '../../../activities/news';
import { storeHeadlines } from '../../../activities/news/store';
import { defaultAggregateConfig, type SentimentView } from '../../../domain/sentiment';
import { epochMs } from '../../../domain/units';
import { hasPostgres, useDatabase } from '../../support/database';

const asOf = epochMs(Date.parse('2021-04-15T11:00:00+05:30'));
const minuteMs = 60_000;

(hasPostgres ? describe : describe.skip)('a pass over the news', () => {
  let pool: Pool;
  const asked: number[] = [];
  let modelAnswers = true;
  const models: ModelClient = {
    score: (_, rows) => {
      asked.push(rows.length);
      return modelAnswers
        ? Promise.resolve({ rows: rows.map(() => [0.9, 0.1, 0]), version: '1' })
        : Promise.reject(new Error('no answer in time'));
    },
  };
  const stocks = ['INFY', 'WIPRO', 'TATASTEEL', 'CIPLA', 'ITC', 'TCS'];
  let listing = () => Promise.resolve(stocks.map((one) => ({ tradingsymbol: one, name: one })));
  const passOf = (sources: readonly string[]) =>
    createNewsActivities({
      pool,
      models,
      aggregate: defaultAggregateConfig,
      listing,
      news: new NewsReader({
        sources: sources.map((name) => ({ name, kind: 'posts', url: 'https://example.com/' })),
        loopback: false,
        postsToken: undefined,
        everyMinMs: 0,
      }),
    });

  const viewOf = async (account: string, stock: string): Promise<SentimentView | undefined> => {
    const { rows } = await pool.query<{ view: SentimentView }>(
      'select view from sentiment where account = $1 and tradingsymbol = $2',
      [account, stock],
    );
    return rows[0]?.view;
  };

  useDatabase((made) => {
    pool = made;
  });
  beforeAll(async () => {
    const titled = (title: string, index: number, source: string) => ({
      guid: `${source}/${title}/${index}`,
      title: `${title} ${index}`,
      source,
      at: epochMs(asOf - index * minuteMs),
    });
    await storeHeadlines(pool, [
      ...Array.from({ length: 300 }, (_, index) => titled('Infosys slips', index, 'flood')),
      titled('Wipro slips', 30, 'calm'),
      titled('Tata Steel slips', 30, 'not configured'),
      { ...titled('Cipla slips', 0, 'calm'), at: epochMs(asOf + 60 * minuteMs) },
      titled('ITC slips', 37 * 60, 'calm'),
    ]);
  });
  beforeEach(() => {
    asked.length = 0;
    modelAnswers = true;
  });

  test('scores at most a hundred headlines a stock, thirty-two at a time, from what was stored', async () => {
    const pass = passOf(['flood', 'calm']);
    const reading = await pass.refreshSentiment({ account: 'a', stocks, asOf });
    expect(reading).toEqual({ asOf, headlines: 301, scored: 101, failures: [] });
    expect(asked).toEqual([32, 32, 32, 5]);
    expect(await viewOf('a', 'WIPRO')).toMatchObject({ score: -0.9, itemCount: 1 });
  });

  test('an unknown source, an hour ahead, a day and a half ago: none of them counts', async () => {
    for (const stock of ['TATASTEEL', 'CIPLA', 'ITC', 'TCS'])
      expect(await viewOf('a', stock)).toMatchObject({ score: 0, confidence: 0, itemCount: 0 });
  });

  test('without the model every stock is neutral with confidence 0, and the pass says why', async () => {
    modelAnswers = false;
    const pass = passOf(['calm']);
    await pass.refreshSentiment({ account: 'b', stocks, asOf });
    const { failures } = await pass.refreshSentiment({ account: 'c', stocks, asOf });
    expect(failures).toEqual([
      { source: 'headline model', why: 'no answer in time', timesInARow: 2 },
    ]);
    expect(await viewOf('c', 'WIPRO')).toMatchObject({ score: 0, confidence: 0, evidence: [] });
    const { rows } = await pool.query<{ failures: unknown }>(
      'select failures from news_reading where account = $1',
      ['c'],
    );
    expect(rows).toEqual([{ failures }]);
  });

  test('names come from the day’s list; without it from the project’s own table, and the pass says so', async () => {
    const whole = listing;
    listing = () => Promise.resolve([{ tradingsymbol: 'INFY', name: 'INFOSYS' }]);
    const fewer = await passOf(['calm']).refreshSentiment({ account: 'd', stocks, asOf });
    expect(fewer).toMatchObject({ scored: 0, failures: [] });
    listing = () => Promise.reject(new Error('the list of stocks was not answered'));
    const without = await passOf(['calm']).refreshSentiment({ account: 'e', stocks, asOf });
    listing = whole;
    expect(without).toMatchObject({
      scored: 1,
      failures: [
        { source: 'list of stocks', why: 'the list of stocks was not answered', timesInARow: 1 },
      ],
    });
  });
});
