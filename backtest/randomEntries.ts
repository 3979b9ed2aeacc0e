// Random entries to compare decisions with: as many as the strategy made that day, each at a random bar, in a
// random stock and direction, with the strategy's own sizes. Stop, target, limits and exits follow the same
// rules. What risk refuses is drawn again at the same bar, then at the next.
import { bracketOf, type DecisionConfig } from '../domain/decision';
import { candidatesOf, type Candidate } from '../domain/entry';
import { paise, type Direction } from '../domain/units';
import type { Chance } from '../exchange/market/chance';
import type { EntryPlan, LatestPrice } from './entryPlan';
import type { JudgedDay, StockJudgement } from './judgedDay';

/** @param sizeFactors sizes of the strategy's entries; their number is the number of entries wanted. */
export function randomEntries(
  { bars }: JudgedDay,
  sizeFactors: readonly number[],
  config: DecisionConfig,
  chance: Chance,
): EntryPlan {
  const drawn = sizeFactors.map(() => chance.whole(0, bars.length - 1)).sort((a, b) => a - b);
  const sizes = shuffled(sizeFactors, chance);
  const indexOf = new Map(bars.map(({ barEnd }, index) => [barEnd, index]));
  return {
    barEnds: bars.filter((_, index) => index >= (drawn[0] ?? bars.length)).map((bar) => bar.barEnd),
    candidates: (barEnd, latest) => {
      const index = indexOf.get(barEnd) ?? -1;
      const due = drawn.filter((bar) => bar <= index).length;
      let lots: Iterator<Lot> | undefined;
      return (approved) => {
        if (approved >= due) return null;
        lots ??= shuffled(lotsOf(bars[index]?.judged ?? []), chance).values();
        const lot = lots.next().value as Lot | undefined;
        return lot === undefined
          ? null
          : candidateOf(lot, sizes[approved] ?? 0, { config, latest });
      };
    },
  };
}

/** A random stock and direction. */
interface Lot {
  readonly judged: StockJudgement;
  readonly direction: Direction;
}

const lotsOf = (judged: readonly StockJudgement[]): readonly Lot[] =>
  judged.flatMap((one) => [
    { judged: one, direction: 'LONG' as const },
    { judged: one, direction: 'SHORT' as const },
  ]);

/** The candidate the decision would have been on this side. */
function candidateOf(
  { judged, direction }: Lot,
  sizeFactor: number,
  { config, latest }: { readonly config: DecisionConfig; readonly latest: LatestPrice },
): Candidate | null {
  const { stop, target } = bracketOf(judged.analysis, direction, config);
  const decision = {
    ...judged.decision,
    action: direction,
    sizeFactor,
    reason: 'drawn by lot',
    stopDistance: paise(Math.round(stop)),
    targetDistance: paise(Math.round(target)),
  };
  const { analysis, close } = judged;
  return candidatesOf([{ analysis, close, decision }], latest)[0] ?? null;
}

/** Fisher-Yates. */
function shuffled<T>(items: readonly T[], chance: Chance): readonly T[] {
  const left = [...items];
  return items.map(() => left.splice(chance.whole(0, left.length - 1), 1)[0] as T);
}
