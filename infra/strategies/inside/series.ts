// The bars a sandbox has been told of, stock by stock, and what the strategy's own indicators make of them. Everything
// a strategy is shown is frozen, so that one look cannot change the next. Runs inside the sandbox.
import { MirroredBar } from '../../../domain/indicators/mirror';
import type { IndicatorSnapshot } from '../../../domain/indicators/snapshot';
import type { OwnIndicator } from '../../../domain/strategy/definition';
import type { OwnValues, SeriesView } from '../../../domain/strategy/view';
import type { ToldSeries } from '../question';

/** Begins the strategy's indicators anew, by name. */
export type Indicators = Readonly<Record<string, () => OwnIndicator>>;

const parsedOnce = (bar: IndicatorSnapshot): IndicatorSnapshot => {
  Object.freeze(bar.divergence);
  return Object.freeze(bar);
};

/** Values of indicators, advanced by the bars they have not seen. */
class Advanced {
  readonly #turn: (bar: IndicatorSnapshot) => IndicatorSnapshot;
  readonly #running: readonly (readonly [string, OwnIndicator, (number | null)[]])[];

  constructor(indicators: Indicators, turn: (bar: IndicatorSnapshot) => IndicatorSnapshot) {
    this.#turn = turn;
    this.#running = Object.entries(indicators).map(([name, begin]) => [name, begin(), []]);
  }

  /** @throws Error where an indicator gives no number. */
  upTo(bars: readonly IndicatorSnapshot[]): OwnValues {
    return Object.freeze(
      Object.fromEntries(
        this.#running.map(([name, indicator, values]) => {
          for (const bar of bars.slice(values.length)) {
            const value: unknown = indicator(this.#turn(bar));
            if (value !== null && !(typeof value === 'number' && Number.isFinite(value)))
              throw new Error(
                `indicator ${name} must give a number or null, was ${typeof value === 'number' ? value : typeof value}`,
              );
            values.push(value);
          }
          return [name, Object.freeze([...values])];
        }),
      ),
    );
  }
}

/** One stock or the index. */
export class KnownSeries {
  readonly #indicators: Indicators;
  readonly #bars: IndicatorSnapshot[] = [];
  #shown: SeriesView = { tradingsymbol: '', bars: [], session: [], days: [] };
  #own: Advanced | null = null;
  #mirrored: Advanced | null = null;

  constructor(indicators: Indicators) {
    this.#indicators = indicators;
  }

  take({ name, keep, bars, session, days }: ToldSeries): void {
    if (keep === 0) this.#forget();
    this.#bars.push(...bars.map(parsedOnce));
    this.#shown = Object.freeze({
      tradingsymbol: name,
      bars: Object.freeze([...this.#bars]),
      session: Object.freeze(this.#bars.slice(this.#bars.length - session)),
      days: Object.freeze(days.map((day) => Object.freeze(day))),
    });
  }

  get shown(): SeriesView {
    return this.#shown;
  }

  own(): OwnValues {
    return this.#advance(() => (this.#own ??= new Advanced(this.#indicators, (bar) => bar)));
  }

  mirrored(): OwnValues {
    return this.#advance(
      () => (this.#mirrored ??= new Advanced(this.#indicators, (bar) => new MirroredBar(bar))),
    );
  }

  /** An indicator that threw has lost its place: all begin anew. */
  #advance(of: () => Advanced): OwnValues {
    try {
      return of().upTo(this.#bars);
    } catch (error) {
      this.#own = null;
      this.#mirrored = null;
      throw error;
    }
  }

  #forget(): void {
    this.#bars.length = 0;
    this.#own = null;
    this.#mirrored = null;
  }
}
