// How much a decision depends on how far back the indicators begin: the same day, judged with more and more history,
// against the judgement with the most.
import { istDate } from '../../domain/session/sessionClock';
import type { SessionDate } from '../../domain/session/calendar';
import type { RatchetConfig } from '../../infra/config/config';
import type { JudgedBar, StockJudgement } from '../judgedDay';
import type { RecordedDay } from '../recordedDay';
import type { Judge } from './judge';

export interface IndicatorChange {
  readonly indicator: string;
  /** Largest change, as a share of the indicator's mean size in that stock that day. */
  readonly largest: number;
  /** Stock-bars on which it is known with the most history and not with this. */
  readonly unknown: number;
}

/** The day with so much history, against the most. */
export interface WarmUpRow {
  readonly sessions: number;
  /** Stock-bars judged with both. */
  readonly compared: number;
  /** Stock-bars judged with only one of them. */
  readonly unjudged: number;
  /** Share of the compared whose action differs. */
  readonly differing: number;
  /** Largest change of the combined score. */
  readonly score: number;
  readonly indicators: readonly IndicatorChange[];
}

export interface WarmUpResult {
  /** Sessions of the history that the others are held against. */
  readonly most: number;
  readonly rows: readonly WarmUpRow[];
}

const steps = [1, 2, 3, 5, 10];

/** Dates of earlier sessions in the candles, oldest first. */
const sessionsOf = (day: RecordedDay): readonly SessionDate[] => {
  const dates = day.stocks.flatMap(({ tradingsymbol }) =>
    day.history(tradingsymbol).map(({ at }) => istDate(at)),
  );
  return [...new Set(dates)].sort();
};

function withHistory(day: RecordedDay, from: SessionDate): RecordedDay {
  return { ...day, history: (name) => day.history(name).filter(({ at }) => istDate(at) >= from) };
}

type Rows = ReadonlyMap<string, StockJudgement>;

const rowsOf = (bars: readonly JudgedBar[]): Rows =>
  new Map(
    bars.flatMap(({ barEnd, judged }) =>
      judged.map((one) => [`${barEnd} ${one.decision.tradingsymbol}`, one] as const),
    ),
  );

/** Every number of a snapshot that is an indicator, by name. */
const figuresOf = ({
  analysis: { snapshot },
}: StockJudgement): readonly (readonly [string, unknown])[] =>
  Object.entries(snapshot).filter(([name]) => !['barAt', 'barMinutes', 'session'].includes(name));

/** Mean size of each indicator in each stock, under `stock indicator`. */
function sizesOf(rows: Rows): ReadonlyMap<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const row of rows.values())
    for (const [name, value] of figuresOf(row)) {
      if (typeof value !== 'number') continue;
      const key = `${row.decision.tradingsymbol} ${name}`;
      const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 };
      sums.set(key, { sum: sum + Math.abs(value), count: count + 1 });
    }
  return new Map([...sums].map(([key, { sum, count }]) => [key, sum / count]));
}

function indicatorChanges(
  pairs: readonly Pair[],
  sizes: ReadonlyMap<string, number>,
): readonly IndicatorChange[] {
  const changes = new Map<string, { largest: number; unknown: number }>();
  for (const { less, most } of pairs) {
    const fewer = new Map(figuresOf(less));
    for (const [name, value] of figuresOf(most)) {
      if (typeof value !== 'number') continue;
      const change = changes.get(name) ?? { largest: 0, unknown: 0 };
      changes.set(name, change);
      const other = fewer.get(name);
      if (typeof other !== 'number') change.unknown += 1;
      else {
        const size = sizes.get(`${most.decision.tradingsymbol} ${name}`) ?? 0;
        const share = size === 0 ? 0 : Math.abs(value - other) / size;
        change.largest = Math.max(change.largest, share);
      }
    }
  }
  return [...changes].map(([indicator, change]) => ({ indicator, ...change }));
}

interface Pair {
  readonly less: StockJudgement;
  readonly most: StockJudgement;
}

function rowOf(sessions: number, less: Rows, most: Rows): WarmUpRow {
  const pairs = [...most].flatMap(([key, row]): Pair[] => {
    const other = less.get(key);
    return other === undefined ? [] : [{ less: other, most: row }];
  });
  const differing = pairs.filter((pair) => pair.less.decision.action !== pair.most.decision.action);
  const changes = pairs.map((pair) =>
    Math.abs(pair.less.decision.combined - pair.most.decision.combined),
  );
  return {
    sessions,
    compared: pairs.length,
    unjudged: most.size + less.size - 2 * pairs.length,
    differing: pairs.length === 0 ? 0 : differing.length / pairs.length,
    score: changes.reduce((largest, change) => Math.max(largest, change), 0),
    indicators: indicatorChanges(pairs, sizesOf(most)),
  };
}

/** @param judge one that takes all the history a day has. */
export async function warmUpOf(
  judge: Judge,
  day: RecordedDay,
  config: RatchetConfig,
): Promise<WarmUpResult> {
  const sessions = sessionsOf(day);
  const most = Math.min(steps.at(-1) ?? 1, sessions.length);
  const judgedWith = async (count: number): Promise<Rows> =>
    rowsOf(await judge(withHistory(day, sessions.at(-count) ?? day.date), config));
  const reference = await judgedWith(most);
  const rows: WarmUpRow[] = [];
  for (const count of steps.filter((step) => step < most))
    rows.push(rowOf(count, await judgedWith(count), reference));
  return { most, rows };
}
