// Goal: what is fetched is the broker's history, whatever happens on the way, and no question is asked twice without
// need. Method: the Kite adapter at the paper exchange, over HTTP; a line that breaks where a test says; no waiting.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { fixedCredentials, openBrokerReader } from '../../broker';
import { BrokerFailure } from '../../broker/failure';
import type { BrokerReader, HistorySpan } from '../../broker/port';
import {
  missingSpans,
  requestsFor,
  withSpan,
  type DateSpan,
} from '../../domain/candleStore/fetchPlan';
import { addDays } from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istDate, istInstant } from '../../domain/session/sessionClock';
import { paise, shares } from '../../domain/units';
import { candleSeries } from '../../exchange/market/candleFiles';
import { noLimits } from '../../exchange/rest/rateLimits';
import { startPaperExchange, type PaperExchange } from '../../exchange/start';
import { fetchCandles, type FetchTerms } from '../../infra/candles/fetchCandles';
import { readUniverse } from '../../infra/candles/universeFile';
import { readerWith } from '../support/readerWith';

const today = '2026-11-20';
const [from, to] = ['2026-11-02', '2026-11-19'];
let paper: PaperExchange;
let folder = '';
beforeAll(async () => {
  paper = await startPaperExchange({
    date: today,
    source: { kind: 'generated', seed: 7 },
    ...{ speed: 1, held: true, openingCash: paise(100), limits: noLimits },
  });
});
afterAll(() => paper.close());
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ratchet-fetch-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const readerAs = (accessToken: string): BrokerReader =>
  openBrokerReader(fixedCredentials({ apiKey: paper.apiKey, accessToken }), { rest: paper.rest });

/** The exchange's reader with a smaller span at once, which counts what is asked and may break. */
function counted(breakAt: (question: number) => Error | null = () => null): {
  readonly reader: BrokerReader;
  readonly asked: HistorySpan[];
} {
  const reader = readerAs(paper.accessToken);
  const asked: HistorySpan[] = [];
  const reads = { ...reader.capabilities.reads, historyDaysAtOnce: 4 };
  const history = (span: HistorySpan) => {
    asked.push(span);
    const broken = breakAt(asked.length);
    return broken === null ? reader.history(span) : Promise.reject(broken);
  };
  return { reader: { ...reader, capabilities: { ...reader.capabilities, reads }, history }, asked };
}

const said: string[] = [];
const slept: number[] = [];
const terms = (reader: BrokerReader, more: Partial<FetchTerms> = {}): FetchTerms => ({
  ...{ reader, folder, from, to, symbols: ['INFY', 'M&M'], calendar: nseCalendar },
  now: istInstant(today, '08:00'),
  patience: {
    say: (sentence) => void said.push(sentence),
    sleep: (ms) => Promise.resolve(void slept.push(ms)),
    clock: () => 0,
  },
  loginHint: 'log in',
  ...more,
});
beforeEach(() => {
  said.length = 0;
  slept.length = 0;
});

const stored = (directory = folder): unknown[] =>
  [...candleSeries({ directory })].map(({ name, candles }) => [name, JSON.stringify(candles)]);

/** What the exchange itself has of the span. */
const wanted = (symbols: readonly string[] = ['INFY', 'M&M']): unknown[] =>
  symbols.map((name) => {
    const { listings } = paper.exchange.source;
    const { instrumentToken } = listings.find((one) => one.tradingsymbol === name) ?? {};
    const candles = paper.exchange.source
      .history(instrumentToken ?? 0)
      .filter(({ at }) => istDate(at) >= from && istDate(at) <= to);
    expect(candles.length).toBeGreaterThan(1_000);
    return [name, JSON.stringify(candles)];
  });

test('the history is stored as the broker has it, and is not asked for again', async () => {
  const first = counted();
  const series = await fetchCandles(terms(first.reader));
  expect(series.map(({ failure }) => failure)).toEqual([null, null]);
  expect(stored()).toEqual(wanted());
  expect(first.asked.length).toBeGreaterThan(4);
  const again = counted();
  await fetchCandles(terms(again.reader));
  expect(again.asked).toEqual([]);
  rmSync(join(folder, 'minute', 'INFY.parquet'));
  await fetchCandles(terms(again.reader));
  expect(again.asked).toHaveLength(first.asked.length / 2);
  expect(stored()).toEqual(wanted());
});

test('at the limits of the broker no request is longer than it allows', async () => {
  const reader = readerAs(paper.accessToken);
  const [one] = await fetchCandles(terms(reader, { from: '2026-01-01', symbols: ['INFY'] }));
  expect(one).toMatchObject({ requests: 6, failure: null });
  expect(slept.length).toBeGreaterThanOrEqual(5);
  expect(slept.every((ms) => ms === reader.capabilities.reads.historyEveryMs)).toBe(true);
});

test('killed at any question, it goes on with that one', async () => {
  const whole = counted();
  await fetchCandles(terms(whole.reader, { folder: join(folder, 'whole') }));
  for (let killed = 1; killed <= whole.asked.length; killed += 3) {
    const place = join(folder, String(killed));
    const first = counted((question) => (question === killed ? new Error('killed') : null));
    await expect(fetchCandles(terms(first.reader, { folder: place }))).rejects.toThrow('killed');
    const second = counted();
    await fetchCandles(terms(second.reader, { folder: place }));
    expect([...first.asked.slice(0, -1), ...second.asked]).toEqual(whole.asked);
    expect(stored(place)).toEqual(stored(join(folder, 'whole')));
  }
});

test('a busy broker and a broken line are asked again, later and later', async () => {
  const failures = [
    new BrokerFailure('busy', 'too many requests'),
    new BrokerFailure('unreachable', 'no answer'),
    new BrokerFailure('unreadable', 'a page'),
  ];
  const { reader } = counted((question) => failures[question - 2] ?? null);
  const everyMs = reader.capabilities.reads.historyEveryMs;
  await fetchCandles(terms(reader));
  expect(slept.filter((ms) => ms !== everyMs)).toEqual([1_000, 2_000, 4_000]);
  expect(said.filter((line) => line.includes('asked again'))).toHaveLength(3);
  expect(stored()).toEqual(wanted());
});

test('a broker that stays away ends it in one sentence; what has come is kept', async () => {
  const { reader } = counted((question) =>
    question > 4 ? new BrokerFailure('unreachable', 'no answer') : null,
  );
  await expect(fetchCandles(terms(reader))).rejects.toMatchObject({
    code: 'DATA_FETCH',
    message:
      'INFY: no answer; later run the same command again: what has come is kept, and it goes on from there',
  });
  expect(stored()).toHaveLength(1);
});

test('a session that has ended is said, from the exchange itself', async () => {
  await expect(fetchCandles(terms(readerAs('another')))).rejects.toThrow(
    /the session has ended: log in, then run the same command again/,
  );
  const { reader } = counted((question) =>
    question > 2 ? new BrokerFailure('session', 'Incorrect `api_key`') : null,
  );
  await expect(fetchCandles(terms(reader))).rejects.toThrow(
    'INFY: Incorrect `api_key`; the session',
  );
  await fetchCandles(terms(counted().reader));
  expect(stored()).toEqual(wanted());
});

test('a stock the broker does not list, or says no to, is told and the others are fetched', async () => {
  const { reader } = counted((question) =>
    question === 1 ? new BrokerFailure('refused', 'invalid token') : null,
  );
  const series = await fetchCandles(terms(reader, { symbols: ['GONE', 'M&M', 'INFY'] }));
  expect(series.map(({ failure }) => failure)).toEqual([
    'the broker does not list it today',
    'invalid token',
    null,
  ]);
  expect(stored()).toEqual(wanted(['INFY']));
});

test('a day that is not over is asked for again, and the broker’s correction is taken', async () => {
  const minute = (time: string, volume: number) => {
    const price = paise(141_860);
    return {
      at: istInstant(today, time),
      ...{ open: price, high: price, low: price, close: price },
      volume: shares(volume),
    };
  };
  const answers = [[minute('09:15', 5)], [minute('09:15', 9), minute('09:16', 2)]];
  const reader = readerWith({
    listing: () => readerAs(paper.accessToken).listing(),
    history: () => Promise.resolve(answers.shift() ?? []),
  });
  const day = { from: today, to: today, symbols: ['INFY'] };
  await fetchCandles(terms(reader, { ...day, now: istInstant(today, '09:16') }));
  const [one] = await fetchCandles(terms(reader, { ...day, now: istInstant(today, '16:00') }));
  expect(one).toMatchObject({ added: 1, replaced: 1 });
  const [third] = await fetchCandles(terms(reader, { ...day, now: istInstant(today, '16:00') }));
  expect(third).toMatchObject({ requests: 0 });
});

test('adjusted prices are no candles to trade on: their day is left out, which is said', async () => {
  const price = paise(141_863);
  const reader = readerWith({
    listing: () => readerAs(paper.accessToken).listing(),
    history: () =>
      Promise.resolve([
        {
          at: istInstant('2026-11-19', '09:15'),
          ...{ open: price, high: price, low: price, close: price },
          volume: shares(1),
        },
      ]),
  });
  const day = { from: '2026-11-19', to: '2026-11-19', symbols: ['INFY'] };
  expect(await fetchCandles(terms(reader, day))).toMatchObject([{ added: 0, leftOut: 1 }]);
  expect(said.join()).toContain('at adjusted prices no order can be filled');
});

test('a record of what was asked that is none of ours is refused', async () => {
  writeFileSync(join(folder, 'fetched.json'), '{"INFY":[1]}');
  await expect(fetchCandles(terms(counted().reader))).rejects.toThrow('fetched.json" must be as');
});

test('a universe is a symbol a line, or a list of an index', () => {
  const file = join(folder, 'universe');
  writeFileSync(file, 'INFY\n\nM&M\nINFY\n');
  expect(readUniverse(file)).toEqual(['INFY', 'M&M']);
  writeFileSync(file, 'Company Name,Industry,Symbol,Series\nInfosys,IT,INFY,EQ\n');
  expect(readUniverse(file)).toEqual(['INFY']);
  writeFileSync(file, 'INFY\nnot a symbol!\n');
  expect(() => readUniverse(file)).toThrow(
    'line 2: must be a symbol like INFY, was "not a symbol!"',
  );
  expect(readFileSync(file, 'utf8')).toContain('INFY');
});

const dates = Array.from({ length: 40 }, (_, index) => addDays('2026-01-01', index));
const anySpan = fc
  .tuple(fc.integer({ min: 0, max: 39 }), fc.integer({ min: 0, max: 39 }))
  .map(([one, other]): DateSpan => {
    const [first, last] = [Math.min(one, other), Math.max(one, other)];
    return { from: dates[first] ?? '', to: dates[last] ?? '' };
  });
const inside = (date: string) => (span: DateSpan) => date >= span.from && date <= span.to;

test('what is missing is what nobody has answered, each date in one request', () => {
  fc.assert(
    fc.property(anySpan, fc.array(anySpan, { maxLength: 6 }), (asked, answered) => {
      const known = answered.reduce<readonly DateSpan[]>(withSpan, []);
      const missing = missingSpans(asked, known);
      const requests = requestsFor(missing, { daysAtOnce: 7, calendar: nseCalendar });
      for (const date of dates) {
        const isMissing = inside(date)(asked) && !answered.some(inside(date));
        expect(missing.filter(inside(date))).toHaveLength(isMissing ? 1 : 0);
        expect(requests.filter(inside(date)).length).toBeLessThanOrEqual(isMissing ? 1 : 0);
      }
      for (const request of requests) expect(addDays(request.from, 6) >= request.to).toBe(true);
    }),
  );
});
