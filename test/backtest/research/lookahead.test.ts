// Goal: what knows the future is found, and named by stock, bar and field; what does not is not accused. Method: leaks
// planted in the judge of a small generated day: a decision, a feature, a listing, the index.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JudgedBar, StockJudgement } from '../../../backtest/judgedDay';
import type { RecordedDay } from '../../../backtest/recordedDay';
import { liveJudge, type Judge } from '../../../backtest/research/judge';
import { findLookahead, type LookaheadResult } from '../../../backtest/research/lookahead';
import { warmUpOf } from '../../../backtest/research/warmUp';
import { oneRecordedDay, type OneRecordedDay } from '../../../cli/oneRecordedDay';
import { istDate } from '../../../domain/session/sessionClock';
import { date, writeSmallDay } from '../smallDay';

const folder = mkdtempSync(join(tmpdir(), 'ratchet-lookahead-'));
let day: OneRecordedDay;
beforeAll(async () => {
  writeSmallDay(folder, 11);
  day = await oneRecordedDay({ replay: folder, date, model: 'none' });
});
afterAll(() => rmSync(folder, { recursive: true }));

const live = liveJudge(null);

/** The live judge with every judgement changed. */
const planted =
  (change: (one: StockJudgement, bar: JudgedBar, recorded: RecordedDay) => StockJudgement): Judge =>
  async (recorded, config) =>
    (await live(recorded, config)).map((bar) => ({
      ...bar,
      judged: bar.judged.map((one) => change(one, bar, recorded)),
    }));

const found = (judge: Judge, every = 12): Promise<LookaheadResult> =>
  findLookahead({ judge, config: day.config, dayUntil: day.dayUntil, every });

test('the live decisions know nothing of what comes after them', async () => {
  const { leak, cuts, compared } = await found(live);
  expect(leak).toBeNull();
  expect(cuts).toBeGreaterThan(3);
  expect(compared).toBeGreaterThan(500);
});

test('a decision that reads the next bar is found on the bar before the first cut', async () => {
  const peeking = planted((one, { barEnd }, { candles }) => {
    const { decision, close } = one;
    const next = candles.get(decision.tradingsymbol)?.find(({ at }) => at >= barEnd);
    const action = next !== undefined && next.close > close ? 'LONG' : 'SKIP';
    return { ...one, decision: { ...decision, action } };
  });
  const { leak } = await found(peeking, 1);
  expect(leak?.field).toBe('decision.action');
  expect([leak?.before, leak?.after]).toEqual(['LONG', 'SKIP']);
  expect(leak?.barEnd).toBe(leak?.cutAt);
});

test('a feature of the whole day is found where no decision has changed', async () => {
  const leaking = planted((one, _, { candles }) => {
    const { analysis, decision } = one;
    const highs = (candles.get(decision.tradingsymbol) ?? []).map(({ high }) => high);
    const snapshot = { ...analysis.snapshot, high: Math.max(...highs) };
    return { ...one, analysis: { ...analysis, snapshot } };
  });
  const { leak } = await found(leaking);
  expect(leak?.field).toBe('analysis.snapshot.high');
  expect(Number(leak?.before)).toBeGreaterThan(Number(leak?.after));
});

test('what the index takes from the rest of the day is found; the listing takes nothing from it', async () => {
  const byVolume = planted((one, _, { stocks }) => {
    const listing = stocks.find(
      ({ tradingsymbol }) => tradingsymbol === one.decision.tradingsymbol,
    );
    return { ...one, decision: { ...one.decision, confidence: listing?.minuteVolume ?? 0 } };
  });
  expect((await found(byVolume)).leak).toBeNull();
  const byIndex = planted((one, _, { candles }) => {
    const last = candles.get('NIFTY 50')?.at(-1)?.close ?? 0;
    return { ...one, decision: { ...one.decision, technical: last } };
  });
  expect((await found(byIndex)).leak?.field).toBe('decision.technical');
});

test('a stock that is judged only where the whole day is known is found', async () => {
  const choosing: Judge = async (recorded, config) => {
    const full = (recorded.candles.get('INFY') ?? []).length > 300;
    return (await live(recorded, config)).map((bar) => ({
      ...bar,
      judged: bar.judged.filter(({ decision }) => full || decision.tradingsymbol !== 'INFY'),
    }));
  };
  const { leak } = await found(choosing);
  expect(leak).toMatchObject({
    tradingsymbol: 'INFY',
    field: 'judged',
    before: true,
    after: false,
  });
});

test('warm-up: more history changes less, and the judge is given no more than asked', async () => {
  const given: number[] = [];
  const judge: Judge = (recorded, config) => {
    const dates = recorded.history('INFY').map(({ at }) => istDate(at));
    given.push(new Set(dates).size);
    return liveJudge(null, 100)(recorded, config);
  };
  const { most, rows } = await warmUpOf(judge, day.dayUntil(null), day.config);
  expect(most).toBe(5);
  expect(given).toEqual([5, 1, 2, 3]);
  expect(rows.map(({ sessions }) => sessions)).toEqual([1, 2, 3]);
  const change = (indicator: string): readonly number[] =>
    rows.map(
      ({ indicators }) => indicators.find((one) => one.indicator === indicator)?.largest ?? 0,
    );
  const [one = 0, two = 0, three = 0] = change('macdSignal');
  expect(one).toBeGreaterThan(two);
  expect(two).toBeGreaterThan(three);
  expect(change('close')).toEqual([0, 0, 0]);
  for (const { compared, differing, unjudged } of rows) {
    expect(compared).toBeGreaterThan(300);
    expect(differing).toBeLessThan(0.05);
    expect(unjudged).toBe(0);
  }
});
