// The entries of a day, as the strategy decided them.
import { candidatesOf, type Candidate } from '../domain/entry';
import type { EpochMs, Paise } from '../domain/units';
import type { JudgedDay } from './judgedDay';

/** The newest price of a stock since its bar closed; undefined where nothing has traded. */
export type LatestPrice = (tradingsymbol: string) => Paise | undefined;

export interface EntryPlan {
  /** Ends of the bars that are judged. */
  readonly barEnds: readonly EpochMs[];
  /**
   * The candidates of a bar, one after the other; null ends the bar.
   * @param approved entries risk has approved so far today.
   */
  candidates(barEnd: EpochMs, latest: LatestPrice): (approved: number) => Candidate | null;
}

/** The plan of what agents and decision made of the day. */
export function decidedEntries({ bars }: JudgedDay): EntryPlan {
  const byEnd = new Map(bars.map((bar) => [bar.barEnd, bar]));
  return {
    barEnds: bars.map(({ barEnd }) => barEnd),
    candidates: (barEnd, latest) => {
      const ranked = candidatesOf(byEnd.get(barEnd)?.judged ?? [], latest).values();
      return () => ranked.next().value ?? null;
    },
  };
}
