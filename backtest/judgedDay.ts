// Steps 3 to 7 of the day (docs/trading-day.md) for every bar of a recorded day, before any order:
// indicators, agents, model and decision depend on the market alone. The candles are those the live analysis
// would read at that instant.
import { analyseBars, decide, requireClosed, signalFeatures } from '../domain/decision';
import type { DecisionConfig, StockAnalysis } from '../domain/decision';
import type { JudgedStock } from '../domain/entry';
import { Refused } from '../domain/errors';
import {
  createIndicatorEngine,
  warmUpSessions,
  type IndicatorSnapshot,
} from '../domain/indicators';
import type { Candle } from '../domain/market/candle';
import type { ScreenedStock } from '../domain/market/screen';
import { neutralSentiment } from '../domain/sentiment/view';
import { type SeenStock, type StrategyVote, type Voters } from '../domain/strategy';
import { sessionsBefore, type TradingCalendar } from '../domain/session/calendar';
import { istInstant } from '../domain/session/sessionClock';
import { entryBars, type SessionPlan } from '../domain/session/sessionPlan';
import { paise, type EpochMs, type Paise } from '../domain/units';
import type { RecordedDay } from './recordedDay';
import type { SignalModel } from './signalModel';
import { ownVotesOn } from '../infra/strategies/asked';

/** One stock on one bar, with everything that led to its decision. */
export interface StockJudgement extends JudgedStock {
  readonly analysis: StockAnalysis;
}

export interface JudgedBar {
  readonly barEnd: EpochMs;
  readonly judged: readonly StockJudgement[];
}

export interface JudgedDay {
  readonly bars: readonly JudgedBar[];
  /** Stock-bars that could not be judged, by the refusal's code. */
  readonly unjudged: Readonly<Record<string, number>>;
}

export interface JudgedBy {
  readonly plan: SessionPlan;
  readonly stocks: readonly ScreenedStock[];
  readonly config: DecisionConfig;
  readonly calendar: TradingCalendar;
  /** null: the configuration decides, as for an absent model. */
  readonly model: SignalModel | null;
  /** The user's own strategies. */
  readonly voters: Voters;
  /** Sessions of history that the indicators begin with; as live, where it is absent. */
  readonly warmUp?: number;
}

export async function judgeDay(day: RecordedDay, by: JudgedBy): Promise<JudgedDay> {
  const { plan, stocks, config } = by;
  const series = stocks.map(({ tradingsymbol }) => new StockSeries(day, tradingsymbol, by));
  const unjudged: Record<string, number> = {};
  const bars: JudgedBar[] = [];
  for (const barEnd of entryBars(plan, config.barMinutes)) {
    const seen = series.flatMap((one) => {
      try {
        return [one.seen(barEnd)];
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        unjudged[error.code] = (unjudged[error.code] ?? 0) + 1;
        return [];
      }
    });
    // Live no ticks of an index are followed, so a backtest knows none either.
    const votes = await ownVotesOn(by.voters, seen);
    const found = seen.map((one) => analysed(one, votes.get(one.tradingsymbol) ?? [], config));
    bars.push({ barEnd, judged: await decideAll(found, { ...by, barEnd }) });
  }
  return { bars, unjudged };
}

interface SeenSeries extends SeenStock {
  readonly close: Paise;
}

const analysed = (
  { tradingsymbol, bars, news, close }: SeenSeries,
  ownVotes: readonly StrategyVote[],
  config: DecisionConfig,
): Analysed => ({
  analysis: analyseBars(bars, {
    instrument: { tradingsymbol },
    sentiment: news,
    config,
    ownVotes,
  }),
  close,
});

type Analysed = Omit<StockJudgement, 'decision'>;

async function decideAll(
  found: readonly Analysed[],
  { barEnd, config, model }: Pick<JudgedBy, 'config' | 'model'> & { readonly barEnd: EpochMs },
): Promise<readonly StockJudgement[]> {
  const rows = found.flatMap(({ analysis: { snapshot, recent } }) => [
    signalFeatures(snapshot, recent, 'LONG'),
    signalFeatures(snapshot, recent, 'SHORT'),
  ]);
  const scores = model === null ? [] : await model.score(rows);
  const sentiment = neutralSentiment(barEnd);
  return found.map((one, index) => {
    const probabilityLong = scores[index * 2] ?? null;
    const probabilityShort = scores[index * 2 + 1] ?? null;
    const { analysis } = one;
    const decision = decide({ analysis, sentiment, probabilityLong, probabilityShort, config });
    return { ...one, decision };
  });
}

/** Candles of a stock, taken into its indicators as their minutes end. */
class StockSeries {
  readonly #tradingsymbol: string;
  readonly #config: DecisionConfig;
  readonly #candles: readonly Candle[];
  readonly #engine;
  readonly #bars: IndicatorSnapshot[] = [];
  #taken = 0;
  /** Why the series cannot be used. From then on the stock is not judged. */
  #refusal: Refused | null = null;

  constructor(
    day: RecordedDay,
    tradingsymbol: string,
    { config, calendar, warmUp }: Pick<JudgedBy, 'config' | 'calendar' | 'warmUp'>,
  ) {
    this.#tradingsymbol = tradingsymbol;
    this.#config = config;
    this.#engine = createIndicatorEngine({ barMinutes: config.barMinutes });
    const [first = day.date] = sessionsBefore(day.date, warmUp ?? warmUpSessions, calendar);
    const from = istInstant(first, '00:00');
    const earlier = day.history(tradingsymbol, from);
    this.#candles = [...earlier, ...(day.candles.get(tradingsymbol) ?? [])];
  }

  /** @throws Refused when there is nothing to judge. */
  seen(barEnd: EpochMs): SeenSeries {
    this.#takeUntil(barEnd);
    if (this.#refusal !== null) throw this.#refusal;
    const instrument = { tradingsymbol: this.#tradingsymbol };
    requireClosed(this.#bars, { instrument, barEnd, config: this.#config });
    return {
      tradingsymbol: this.#tradingsymbol,
      bars: this.#bars,
      news: neutralSentiment(barEnd),
      close: this.#candles[this.#taken - 1]?.close ?? paise(0),
    };
  }

  #takeUntil(barEnd: EpochMs): void {
    for (let next = this.#candles[this.#taken]; next !== undefined && next.at < barEnd;) {
      this.#taken += 1;
      try {
        this.#bars.push(...this.#engine.update(next));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.#refusal ??= error;
      }
      next = this.#candles[this.#taken];
    }
    this.#bars.push(...this.#engine.closeThrough(barEnd));
  }
}
