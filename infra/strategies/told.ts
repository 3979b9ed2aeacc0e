// What a sandbox is told of a bar: the bars it does not know yet, and what each view is made of.
import { plainSnapshot, type IndicatorSnapshot } from '../../domain/indicators';
import type { MarketView, SeriesView } from '../../domain/strategy';
import type { Question, ToldSeries } from './question';

/** What one sandbox has been told so far. */
export class Told {
  readonly #bars = new Map<string, readonly IndicatorSnapshot[]>();

  question(views: readonly MarketView[]): Question {
    const series = new Map<string, ToldSeries>();
    const nameOf = (one: SeriesView): string => {
      const { tradingsymbol: name } = one;
      if (!series.has(name)) series.set(name, this.#tell(one));
      return name;
    };
    return {
      views: views.map((view) => ({
        name: nameOf(view),
        index: view.index === null ? null : nameOf(view.index),
        universe: view.universe.map(nameOf),
        news: view.news,
        minutesSinceOpen: view.minutesSinceOpen,
      })),
      series: [...series.values()],
    };
  }

  /** Bars do not change; those that are the very same as before are not told again. */
  #tell({ tradingsymbol: name, bars, session, days }: SeriesView): ToldSeries {
    const before = this.#bars.get(name) ?? [];
    this.#bars.set(name, [...bars]);
    const goesOn = before.length <= bars.length && before.every((bar, at) => bar === bars[at]);
    const keep = goesOn ? before.length : 0;
    return {
      name,
      keep,
      bars: bars.slice(keep).map(plainSnapshot),
      session: session.length,
      days,
    };
  }
}
