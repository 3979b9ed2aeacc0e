// Goal: a recorded day replays without a difference. Any change of its record is found, by stock, bar and
// field.
import { defaultDecisionConfig as decision, type AgentWeights } from '../../../domain/decision';
import { differenceLine, type DayRecord, type Difference } from '../../../domain/parity';
import { replayedDay } from '../../../infra/strategies/asked';
import { epochMs, paise, type EpochMs } from '../../../domain/units';
import { recordedDay } from './recorded';

const day = recordedDay(12);

const replayed = async (changed: Partial<DayRecord>): Promise<readonly Difference[]> =>
  (await replayedDay({ ...day, ...changed })).differences;

/** The record with one of a list changed. */
const changing = <T>(rows: readonly T[], index: number, change: (row: T) => T): readonly T[] =>
  rows.map((row, place) => (place === index ? change(row) : row));

/** A JSON value with the leaf at a dotted path replaced. */
function withLeaf<T>(value: T, path: string, leaf: unknown): T {
  const copy = structuredClone(value) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
  if (!(last in parent)) throw new Error(`${path} is not there`);
  parent[last] = leaf;
  return copy as T;
}

const approvedAt = day.answers.findIndex(({ code }) => code === 'APPROVED');
const refusedAt = day.answers.findIndex(({ code }) => code !== 'APPROVED');

test('an untouched day: no difference, with approvals, refusals and closed positions in it', async () => {
  const report = await replayedDay(day);
  expect(report.differences).toEqual([]);
  expect(report).toMatchObject({
    bars: 12,
    decisions: 12 * day.stocks.length,
    riskAnswers: day.answers.length,
    counts: { decision: 0, risk: 0, trade: 0 },
  });
  expect(report.trades).toBeGreaterThan(2);
  expect(Math.min(approvedAt, refusedAt)).toBeGreaterThanOrEqual(0);
  expect(day.netPnl.size).toBeGreaterThan(0);
  const kinds = new Set(day.intents.map(({ direction, product }) => `${direction} ${product}`));
  expect(kinds).toEqual(new Set(['LONG CNC', 'SHORT MIS']));
  // The session goes on after the last judged bar.
  expect(report.barsNotJudged).toBeGreaterThan(10);
});

test('a day recorded before its plan kept sessions and settlement replays the same', async () => {
  const { sessions, settlesOn, ...older } = day.plan;
  expect([sessions, settlesOn]).toEqual([expect.any(Array), '2026-11-23']);
  const report = await replayedDay({ ...day, plan: older });
  expect(report).toEqual(await replayedDay(day));
});

test.each([
  ['trail.analysis.snapshot.rsi14', 51],
  ['trail.analysis.snapshot.vwap', 1],
  ['trail.analysis.votes.0.confidence', 0.123],
  ['trail.analysis.regime', 'sideways'],
  ['trail.decision.combined', 0.5],
  ['trail.decision.stopDistance', 7],
  ['trail.decision.targetDistance', 7],
  ['action', 'HOLD'],
  ['reason', 'because'],
])('a stored decision with another %s', async (path, leaf) => {
  const trails = changing(day.trails, 60, (row) => withLeaf(row, path, leaf));
  const [{ tradingsymbol, barAt } = { tradingsymbol: '', barAt: epochMs(0) }] =
    day.trails.slice(60);
  expect(await replayed({ trails })).toEqual([
    expect.objectContaining({ kind: 'decision', tradingsymbol, barAt, field: path, stored: leaf }),
  ]);
});

test('a probability of the model is an input: another one changes the decision it led to', async () => {
  const index = day.trails.findIndex(({ action }) => action !== 'SKIP');
  const trails = changing(day.trails, index, (row) =>
    withLeaf(withLeaf(row, 'trail.model.probabilityLong', 0), 'trail.model.probabilityShort', 0),
  );
  const fields = (await replayed({ trails })).map(({ kind, field }) => `${kind} ${field}`);
  expect(fields).toContain('decision trail.decision.action');
  expect(fields).toContain('risk answer');
});

test.each([
  ['numbers.quantity', 1],
  ['numbers.entryLimit', 1],
  ['numbers.open risk', 1],
  ['code', 'STOCK_OPEN'],
  ['place', 9],
])('an answer of risk with another %s', async (path, leaf) => {
  const answers = changing(day.answers, approvedAt, (row) => withLeaf(row, path, leaf));
  expect(await replayed({ answers })).toEqual([
    expect.objectContaining({ kind: 'risk', field: path, stored: leaf }),
  ]);
});

test('a refusal that should have been another', async () => {
  const answers = changing(day.answers, refusedAt, (row) => withLeaf(row, 'code', 'DAY_LOSS'));
  expect(await replayed({ answers })).toEqual([
    expect.objectContaining({ kind: 'risk', field: 'code', stored: 'DAY_LOSS' }),
  ]);
});

test.each([
  ['direction', 'FLAT'],
  ['quantity', 1],
  ['policy', null],
  ['atrAtEntry', 1],
  ['reason', 'because'],
])('a position with another %s', async (path, leaf) => {
  const intents = changing(day.intents, 0, (row) => withLeaf(row, path, leaf));
  const found = await replayed({ intents });
  expect(found.map(({ kind }) => kind)).toContain('trade');
  expect(found).toContainEqual(
    expect.objectContaining({ kind: 'trade', field: path, stored: leaf }),
  );
});

test('another stop is a difference of the trade, and of every later question it was open in', async () => {
  const intents = changing(day.intents, 0, (row) => ({ ...row, stopDistance: paise(1) }));
  const found = await replayed({ intents });
  expect(found).toContainEqual(
    expect.objectContaining({ kind: 'trade', field: 'stopDistance', stored: 1 }),
  );
});

test('what is missing or too much is named', async () => {
  const first = day.intents[0];
  if (first === undefined) throw new Error('the day has no position');
  const stray = { ...first, intentId: 'R261120STRAYT1' };
  const fields = async (changed: Partial<DayRecord>): Promise<string[]> =>
    (await replayed(changed)).map(({ kind, field }) => `${kind} ${field}`);
  expect(await fields({ trails: day.trails.slice(1) })).toContain('decision row');
  expect(await fields({ answers: day.answers.filter((_, at) => at !== approvedAt) })).toContain(
    'risk answer',
  );
  expect(await fields({ intents: day.intents.slice(1) })).toContain('trade position');
  expect(await fields({ intents: [...day.intents, stray] })).toContain('trade position');
});

test('a candle changed afterwards shows in what was made of it', async () => {
  const [name = '', series = []] = [...day.candles][0] ?? [];
  const at: EpochMs = day.trails[0]?.barAt ?? epochMs(0);
  const other = series.map((one) => (one.at === at ? { ...one, volume: one.volume } : one));
  expect(await replayed({ candles: new Map([...day.candles, [name, other]]) })).toEqual([]);
  const raised = series.map((one) =>
    one.at === at ? { ...one, high: paise(one.high + 500) } : one,
  );
  const found = await replayed({ candles: new Map([...day.candles, [name, raised]]) });
  expect(found.map(({ field }) => field)).toContain('trail.analysis.snapshot.high');
  expect(
    new Set(found.filter(({ kind }) => kind === 'decision').map((one) => one.tradingsymbol)),
  ).toEqual(new Set([name]));
});

test('other limits, and another configuration, are not the day’s', async () => {
  const { risk } = day.terms;
  const terms = { ...day.terms, risk: { ...risk, riskPerTradeBps: risk.riskPerTradeBps / 2 } };
  expect((await replayed({ terms })).map(({ field }) => field)).toContain('numbers.quantity');
  const [first] = day.configs;
  if (first === undefined) throw new Error('the day has no configuration');
  const sharper = { ...first.config, longThreshold: 0.9, shortThreshold: -0.9, fullSizeScore: 1 };
  const later = { barAt: day.trails.at(-1)?.barAt ?? epochMs(0), config: sharper };
  const found = await replayed({ configs: [first, later] });
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found.map(({ barAt }) => barAt))).toEqual(new Set([later.barAt]));
  await expect(replayedDay({ ...day, configs: [] })).rejects.toThrow(
    'no record of the configuration',
  );
});

test('a profit nobody made is found in the book risk was asked with', async () => {
  const [closed] = day.netPnl.keys();
  const netPnl = new Map([...day.netPnl, [closed ?? '', paise(1)]]);
  const found = await replayed({ netPnl });
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ field }) => field === 'book.dayPnl')).toBe(true);
});

test('one line says what, where and both values', async () => {
  const [{ barAt, tradingsymbol } = { barAt: epochMs(0), tradingsymbol: '' }] = day.trails;
  const trails = changing(day.trails, 0, (row) => withLeaf(row, 'trail.decision.combined', 2));
  const [found] = await replayed({ trails });
  expect(found === undefined ? '' : differenceLine(found)).toMatch(
    new RegExp(
      `^decision ${tradingsymbol} \\d\\d:\\d\\d trail.decision.combined: the day has 2, the replay -?[\\d.e-]+$`,
    ),
  );
  expect(barAt).toBeGreaterThan(0);
});

test('a day recorded before there was an agent replays as it was', async () => {
  const { reversal, ...agents } = decision.agents;
  const withoutIt = (weights: AgentWeights): AgentWeights =>
    Object.fromEntries(Object.entries(weights).filter(([name]) => name !== 'reversal'));
  const { trending, ranging, volatile } = decision.weights;
  const weights = {
    trending: withoutIt(trending),
    ranging: withoutIt(ranging),
    volatile: withoutIt(volatile),
  };
  const earlier = recordedDay(4, { ...decision, agents, weights });
  expect(reversal).toBeDefined();
  expect(JSON.stringify(earlier.trails)).not.toContain('reversal');
  expect((await replayedDay(earlier)).differences).toEqual([]);
});
