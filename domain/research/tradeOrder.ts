// The same trades in another order: the result stays, the deepest fall does not. What happened once is one draw of
// many that were as likely.
import { deepestFall } from '../portfolio/falls';
import { spreadOf, type Spread } from './spread';

export interface OrderedFalls {
  /** As it happened. */
  readonly observed: number;
  /** The mean, and the falls below and above which 5 % of the orders lie. */
  readonly drawn: Spread;
  /** Share of the orders that fall at least as deep as it happened. */
  readonly asDeep: number;
}

/** Fisher-Yates. @param unit uniform in [0, 1). */
export function shuffled<T>(items: readonly T[], unit: () => number): readonly T[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(unit() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}

/** null without a trade. @param profits of the trades, in the order they were closed. */
export function orderedFalls(
  profits: readonly number[],
  { draws, unit }: { readonly draws: number; readonly unit: () => number },
): OrderedFalls | null {
  if (profits.length === 0) return null;
  const observed = deepestFall(profits);
  const falls = Array.from({ length: draws }, () => deepestFall(shuffled(profits, unit)));
  const drawn = spreadOf(falls);
  if (drawn === null) return null;
  return { observed, drawn, asDeep: falls.filter((fall) => fall >= observed).length / draws };
}
