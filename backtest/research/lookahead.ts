// Does a decision know what was not yet known? The day's candles are cut after a bar, as if it had ended there, and
// judged again: everything up to that bar must be what it was. What depends on a later candle is not.
import { firstDifference } from '../../domain/research/firstDifference';
import type { EpochMs } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import type { JudgedBar, StockJudgement } from '../judgedDay';
import type { RecordedDay } from '../recordedDay';
import type { Judge } from './judge';

/** The first thing that changes. */
export interface Leak {
  /** The bar judged, and the instant after which the candles were taken away. */
  readonly barEnd: EpochMs;
  readonly cutAt: EpochMs;
  readonly tradingsymbol: string;
  /** Dotted, in the judgement. */
  readonly field: string;
  /** With the whole day, and without what came later. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface LookaheadResult {
  readonly cuts: number;
  /** Judgements that were compared. */
  readonly compared: number;
  readonly leak: Leak | null;
}

export interface LookaheadTerms {
  readonly judge: Judge;
  readonly config: RatchetConfig;
  /** The day as if the candles ended at an instant; null: whole. */
  readonly dayUntil: (cutAt: EpochMs | null) => RecordedDay;
  /** Every so many bars. */
  readonly every: number;
  readonly onCut?: (done: number, all: number) => void;
}

const bySymbol = (judged: readonly StockJudgement[]): ReadonlyMap<string, StockJudgement> =>
  new Map(judged.map((one) => [one.decision.tradingsymbol, one]));

/** A decision is compared before the rest, so that the field named is the one that would have traded. */
function changeOf(
  whole: StockJudgement | undefined,
  cut: StockJudgement | undefined,
): ReturnType<typeof firstDifference> {
  if (whole === undefined || cut === undefined)
    return { field: 'judged', before: whole !== undefined, after: cut !== undefined };
  return firstDifference(whole.decision, cut.decision, 'decision') ?? firstDifference(whole, cut);
}

function leakIn(whole: JudgedBar, cut: JudgedBar | undefined, cutAt: EpochMs): Leak | null {
  const [before, after] = [bySymbol(whole.judged), bySymbol(cut?.judged ?? [])];
  for (const tradingsymbol of new Set([...before.keys(), ...after.keys()])) {
    const change = changeOf(before.get(tradingsymbol), after.get(tradingsymbol));
    if (change !== null) return { barEnd: whole.barEnd, cutAt, tradingsymbol, ...change };
  }
  return null;
}

/** Stops at the first leak. */
export async function findLookahead(terms: LookaheadTerms): Promise<LookaheadResult> {
  const { judge, config, dayUntil, every, onCut } = terms;
  const whole = await judge(dayUntil(null), config);
  const ends = whole.map(({ barEnd }) => barEnd).filter((_, bar) => (bar + 1) % every === 0);
  let compared = 0;
  for (const [done, cutAt] of ends.entries()) {
    const bars = await judge(dayUntil(cutAt), config);
    const cut = new Map(bars.map((bar) => [bar.barEnd, bar]));
    for (const bar of whole.filter(({ barEnd }) => barEnd <= cutAt)) {
      const leak = leakIn(bar, cut.get(bar.barEnd), cutAt);
      if (leak !== null) return { cuts: done + 1, compared, leak };
      compared += bar.judged.length;
    }
    onCut?.(done + 1, ends.length);
  }
  return { cuts: ends.length, compared, leak: null };
}
