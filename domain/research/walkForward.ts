// Which days choose and which days judge: walk-forward folds with an embargo between, and a hold-out at the end that
// the search never sees.
import { Refused } from '../errors';

/** Days by their index, `from` included and `until` not. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export interface Fold {
  /** The days that choose; they end before the embargo. */
  readonly train: Stretch;
  /** The days that judge the choice. */
  readonly test: Stretch;
}

export interface FoldTerms {
  readonly folds: number;
  /** Sessions between the last day that chooses and the first that judges. */
  readonly embargo: number;
  /** Anchored: the days that choose begin with the first day. Rolling: they are as many in every fold. */
  readonly kind: 'anchored' | 'rolling';
}

export const lengthOf = ({ from, until }: Stretch): number => until - from;

export const within = <T>(items: readonly T[], { from, until }: Stretch): readonly T[] =>
  items.slice(from, until);

/** The fewest days that may choose. */
const trainMin = 2;

function refuse(message: string): never {
  throw new Refused({ code: 'RESEARCH_DAYS', message });
}

/**
 * The days are cut into one part more than there are folds; the first part only chooses, each other part judges once.
 * Every day that judges lies after all days that chose, and the embargo is taken off the end of those.
 * @throws Refused RESEARCH_DAYS where there are too few days.
 */
export function walkForward(days: number, { folds, embargo, kind }: FoldTerms): readonly Fold[] {
  const cut = (part: number): number => Math.round((part * days) / (folds + 1));
  const all = Array.from({ length: folds }, (_, fold): Fold => {
    const test = { from: cut(fold + 1), until: cut(fold + 2) };
    const from = kind === 'anchored' ? 0 : Math.max(0, test.from - cut(1));
    return { train: { from, until: test.from - embargo }, test };
  });
  const short = all.find(({ train, test }) => lengthOf(train) < trainMin || lengthOf(test) < 1);
  if (short !== undefined)
    refuse(
      `${folds} folds with an embargo of ${embargo} sessions need more than ${days} days: a fold would choose on ${Math.max(0, lengthOf(short.train))}; take more days, fewer folds or a shorter embargo`,
    );
  return all;
}

/** Which days are searched, and which are kept. */
export interface HoldOut {
  readonly search: Stretch;
  /** Empty where nothing is kept. */
  readonly kept: Stretch;
}

/** The last share of the days is kept; the embargo before it belongs to neither. */
export function holdOut(days: number, share: number, embargo: number): HoldOut {
  const count = Math.round(days * share);
  const kept = { from: days - count, until: days };
  const until = count === 0 ? days : Math.max(0, days - count - embargo);
  return { search: { from: 0, until }, kept };
}
