// The exact engine: the live decisions, risk and position machine against the exchange's own engine, as in a backtest.
// What a change of configuration leaves as it was is kept from one trial to the next.
import type { SessionDate } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import type { RatchetConfig } from '../../infra/config/config';
import type { MarketSource } from '../../exchange/market/source';
import { dayTerms } from '../dayTerms';
import { decidedEntries, type EntryPlan } from '../entryPlan';
import { judgeDay, type JudgedDay } from '../judgedDay';
import { recordDay, type RecordedDay } from '../recordedDay';
import type { SignalModel } from '../signalModel';
import { tradeDay, type TradedDay } from '../tradedDay';
import type { DayTerms } from '../tradedTerms';
import { OpenedConfigs } from './openedVoters';
import { dayResult, twinResults, type DayEngine, type DayResult } from './dayEngine';

export interface ExchangeTerms {
  readonly model: SignalModel | null;
  readonly cash: Paise;
  /** Seeds the path inside each minute and the lots. */
  readonly seed: number;
  /** @throws Refused where there is none. */
  readonly marketOf: (date: SessionDate) => MarketSource;
}

/** Everything of a day before it is traded. */
interface Prepared {
  readonly recorded: RecordedDay;
  readonly day: DayTerms;
  readonly judged: JudgedDay;
}

/** What is judged does not depend on what is risked or how a stop trails. */
const judgingKey = (config: RatchetConfig): string =>
  JSON.stringify({ ...config, risk: null, trailing: null });

export class ExchangeEngine implements DayEngine {
  readonly #terms: ExchangeTerms;
  readonly #opened = new OpenedConfigs();
  readonly #recorded = new Map<SessionDate, RecordedDay>();
  /** The newest judgement of each day, with what it was made by. */
  readonly #judged = new Map<SessionDate, { readonly key: string; readonly day: JudgedDay }>();

  constructor(terms: ExchangeTerms) {
    this.#terms = terms;
  }

  async play(date: SessionDate, config: RatchetConfig): Promise<DayResult> {
    const { recorded, day, judged } = await this.#prepare(date, config);
    return dayResult(date, tradeDay(recorded, day, decidedEntries(judged)));
  }

  async twins(date: SessionDate, config: RatchetConfig, runs: number): Promise<readonly Paise[]> {
    const { recorded: market, day, judged } = await this.#prepare(date, config);
    const trade = (plan: EntryPlan): TradedDay => tradeDay(market, day, plan);
    const { sizeFactors } = trade(decidedEntries(judged));
    const { seed } = this.#terms;
    return twinResults({ market, judged, trade }, sizeFactors, { config, seed, runs });
  }

  async #prepare(date: SessionDate, config: RatchetConfig): Promise<Prepared> {
    const recorded = this.#recorded.get(date) ?? recordDay(date, this.#terms.marketOf(date));
    this.#recorded.set(date, recorded);
    const { model, cash, seed } = this.#terms;
    const { voters, decision } = await this.#opened.of(config);
    const day = dayTerms(recorded, { config: { ...config, decision }, cash, seed });
    const key = judgingKey(config);
    const kept = this.#judged.get(date);
    if (kept?.key === key) return { recorded, day, judged: kept.day };
    const { stocks, entryDay } = day;
    const calendar = readCalendar(config.calendar);
    const judged = await judgeDay(recorded, {
      ...{ plan: entryDay.plan, stocks, config: decision, calendar, model },
      voters,
    });
    this.#judged.set(date, { key, day: judged });
    return { recorded, day, judged };
  }
}
