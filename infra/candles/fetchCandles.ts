// The broker's history of many stocks, into a store. Each answer is stored before the next question, so that a fetch
// that is killed anywhere goes on where it was.
import { BrokerFailure } from '../../broker/failure';
import type { BrokerReader, ListedStock } from '../../broker/port';
import { readStored, refuseFile, storedBars, type RefusedRow } from '../../domain/candleFile';
import { missingSpans, requestsFor, type DateSpan } from '../../domain/candleStore/fetchPlan';
import { mergeCandles } from '../../domain/candleStore/merge';
import { withoutRefused } from '../../domain/candleStore/withoutRefused';
import type { Candle } from '../../domain/market/candle';
import {
  addDays,
  dayOf,
  type SessionDate,
  type TradingCalendar,
} from '../../domain/session/calendar';
import { istDate, istInstant, sessionClock } from '../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../domain/units';
import { candlesOfBars } from '../../exchange/market/candleFiles';
import { FetchedSpans } from './fetchedSpans';
import { patient, type Patience, type Patient } from './patience';
import { StagedStore, storedKind } from './stagedStore';

export interface FetchTerms extends DateSpan {
  readonly reader: BrokerReader;
  readonly folder: string;
  readonly symbols: readonly string[];
  readonly calendar: TradingCalendar;
  /** The market's time. */
  readonly now: EpochMs;
  readonly patience: Patience;
  /** How a person opens a new session, in words. */
  readonly loginHint: string;
}

/** What came of one stock. */
export interface FetchedSeries {
  readonly symbol: string;
  readonly requests: number;
  readonly added: number;
  /** Candles that were stored with other values: the broker has corrected them. */
  readonly replaced: number;
  /** Candles that no replay takes. */
  readonly leftOut: number;
  /** Why nothing more came; null where all did. */
  readonly failure: string | null;
}

/**
 * @throws Refused DATA_FETCH when the broker answers no more; what has come is stored.
 */
export async function fetchCandles(terms: FetchTerms): Promise<readonly FetchedSeries[]> {
  const { folder, calendar, patience, reader } = terms;
  const fetched = new FetchedSpans(folder);
  const store = new StagedStore(folder, { minutes: 1, calendar });
  const ask = patient(patience, reader.capabilities.reads.historyEveryMs);
  const series: FetchedSeries[] = [];
  try {
    const listed = new Map(
      (await listing(terms, ask)).map((stock) => [stock.tradingsymbol, stock] as const),
    );
    const plans = terms.symbols.map((symbol) =>
      planOf(symbol, listed.get(symbol), { terms, fetched, store }),
    );
    const total = plans.reduce((sum, { requests }) => sum + requests.length, 0);
    let done = 0;
    for (const plan of plans) {
      const next = await fetchOne(plan, {
        ...{ terms, store, fetched, ask },
        progress: () => `${(done += 1)} of ${total} requests`,
      });
      series.push(next);
    }
  } finally {
    store.close();
  }
  return series;
}

interface StockPlan {
  readonly symbol: string;
  readonly stock: ListedStock | undefined;
  readonly requests: readonly DateSpan[];
}

interface Planning {
  readonly terms: FetchTerms;
  readonly fetched: FetchedSpans;
  readonly store: StagedStore;
}

function planOf(
  symbol: string,
  stock: ListedStock | undefined,
  { terms, fetched, store }: Planning,
): StockPlan {
  const { from, to, calendar, reader } = terms;
  const daysAtOnce = reader.capabilities.reads.historyDaysAtOnce;
  const missing = missingSpans({ from, to }, fetched.of(symbol, store.has(symbol)));
  const requests = stock === undefined ? [] : requestsFor(missing, { daysAtOnce, calendar });
  return { symbol, stock, requests };
}

interface Fetching extends Planning {
  readonly ask: Patient;
  readonly progress: () => string;
}

async function fetchOne(
  { symbol, stock, requests }: StockPlan,
  { terms, store, fetched, ask, progress }: Fetching,
): Promise<FetchedSeries> {
  const { calendar, patience, now } = terms;
  const sums = { requests: 0, added: 0, replaced: 0, leftOut: 0 };
  if (stock === undefined) return { symbol, ...sums, failure: 'the broker does not list it today' };
  let stored = requests.length === 0 ? [] : store.read(symbol);
  for (const span of requests) {
    const question = () => ask(() => terms.reader.history(historySpan(stock, span)));
    const answer = await answerTo(question, symbol, terms);
    if (typeof answer === 'string') return { symbol, ...sums, failure: answer };
    const { candles, leftOut, firstRefused } = soundCandles(symbol, answer, calendar);
    const merged = mergeCandles(stored, candles);
    if (merged.added + merged.differing.length > 0) {
      store.stage(symbol, merged.candles);
      store.commit();
      stored = merged.candles;
    }
    const whole = wholeDays(span, { calendar, now });
    if (whole !== null) fetched.add(symbol, whole, candles.length);
    sums.requests += 1;
    sums.added += merged.added;
    sums.replaced += merged.differing.length;
    sums.leftOut += leftOut;
    const left = firstRefused === null ? '' : `; ${leftOut} left out, the first: ${firstRefused}`;
    patience.say(
      `${symbol} ${span.from} to ${span.to}: ${candles.length} candles, ${progress()}${left}`,
    );
  }
  return { symbol, ...sums, failure: null };
}

const historySpan = ({ instrumentToken }: ListedStock, { from, to }: DateSpan) => ({
  instrumentToken,
  from: istInstant(from, '00:00'),
  to: istInstant(to, '23:59'),
});

/** The part of a span whose last session is over: later candles may still change. */
function wholeDays(
  { from, to }: DateSpan,
  { calendar, now }: { readonly calendar: TradingCalendar; readonly now: EpochMs },
): DateSpan | null {
  const today = istDate(now);
  const isOver = now > epochMs(sessionClock(dayOf(today, calendar), true).close + settledMs);
  const last = isOver ? today : addDays(today, -1);
  const end: SessionDate = to < last ? to : last;
  return end < from ? null : { from, to: end };
}

/** So long after the close the broker's candles have settled. */
const settledMs = 15 * 60_000;

/** Candles that a replay takes. @returns also what it would not take. */
function soundCandles(
  symbol: string,
  candles: readonly Candle[],
  calendar: TradingCalendar,
): {
  readonly candles: readonly Candle[];
  readonly leftOut: number;
  readonly firstRefused: string | null;
} {
  const column = (name: keyof Candle): Float64Array =>
    Float64Array.from(candles, (one) => one[name]);
  const bars = storedBars({
    ...{ ts: column('at'), open: column('open'), high: column('high') },
    ...{ low: column('low'), close: column('close'), volume: column('volume') },
  });
  const refused: RefusedRow[] = [];
  const kind = { ...storedKind(symbol, { minutes: 1, calendar }), minutes: null };
  const read = readStored(
    { file: `the broker’s history of ${symbol}`, bars },
    kind,
    (row) => void refused.push(row),
  );
  const sound = withoutRefused(read.bars, refused);
  return {
    candles: candlesOfBars(sound),
    leftOut: candles.length - sound.length,
    firstRefused: refused[0]?.refused.message ?? null,
  };
}

/** The list of stocks. @throws Refused DATA_FETCH */
async function listing(terms: FetchTerms, ask: Patient): Promise<readonly ListedStock[]> {
  const answer = await answerTo(
    () => ask(() => terms.reader.listing()),
    'the list of stocks',
    terms,
  );
  return typeof answer === 'string' ? refuseFile(answer, 'DATA_FETCH') : answer;
}

/** The answer, or the broker's words where it says no to this question alone. @throws Refused DATA_FETCH */
async function answerTo<T extends readonly unknown[]>(
  ask: () => Promise<T>,
  what: string,
  { loginHint }: FetchTerms,
): Promise<T | string> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof BrokerFailure)) throw error;
    if (error.kind === 'refused') return error.message;
    const remedy = error.kind === 'session' ? `the session has ended: ${loginHint}, then` : 'later';
    return refuseFile(
      `${what}: ${error.message}; ${remedy} run the same command again: what has come is kept, and it goes on from there`,
      'DATA_FETCH',
    );
  }
}
