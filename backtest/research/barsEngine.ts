// The fast engine: a day from its candles alone. What the agents find on it is kept from one trial to the next, so that a
// trial which only weighs it differently asks nobody again.
import type { SessionDate } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import type { RatchetConfig } from '../../infra/config/config';
import {
  judgePrepared,
  plannedEntries,
  prepareDay,
  tradeBars,
  type BarDay,
  type JudgedBars,
  type PreparedDay,
} from '../bars';
import { dayTerms } from '../dayTerms';
import type { EntryPlan } from '../entryPlan';
import type { SignalModel } from '../signalModel';
import type { DayTerms, TradesOfDay } from '../tradedTerms';
import { OpenedConfigs } from './openedVoters';
import { dayResult, twinResults, type DayEngine, type DayResult } from './dayEngine';

export interface BarsTerms {
  readonly model: SignalModel | null;
  readonly cash: Paise;
  readonly seed: number;
  readonly dayOf: (date: SessionDate) => BarDay;
}

/** What the agents find depends on themselves, on the bars and on which stocks are watched. */
const castingKey = (config: RatchetConfig): string => {
  const { decision, strategies, screener, universe, sectors, calendar } = config;
  const asked = [decision.agents, decision.barMinutes, strategies.use];
  return JSON.stringify([...asked, screener, universe, sectors, calendar]);
};

interface Judged {
  readonly market: BarDay;
  readonly day: DayTerms;
  readonly judged: JudgedBars;
}

export class BarsEngine implements DayEngine {
  readonly #terms: BarsTerms;
  readonly #opened = new OpenedConfigs();
  readonly #prepared = new Map<SessionDate, { readonly key: string; readonly day: PreparedDay }>();

  constructor(terms: BarsTerms) {
    this.#terms = terms;
  }

  async play(date: SessionDate, config: RatchetConfig): Promise<DayResult> {
    const { market, day, judged } = await this.#judge(date, config);
    return dayResult(date, tradeBars(market, day, plannedEntries(judged)));
  }

  async twins(date: SessionDate, config: RatchetConfig, runs: number): Promise<readonly Paise[]> {
    const { market, day, judged } = await this.#judge(date, config);
    const trade = (plan: EntryPlan): TradesOfDay => tradeBars(market, day, plan);
    const { sizeFactors } = trade(plannedEntries(judged));
    const { seed } = this.#terms;
    return twinResults({ market, judged, trade }, sizeFactors, { config, seed, runs });
  }

  async #judge(date: SessionDate, config: RatchetConfig): Promise<Judged> {
    const { dayOf, model, cash, seed } = this.#terms;
    const key = castingKey(config);
    const kept = this.#prepared.get(date);
    const market = kept?.day.day ?? dayOf(date);
    const { voters, decision } = await this.#opened.of(config);
    const day = dayTerms(market, { config: { ...config, decision }, cash, seed });
    const prepared =
      kept?.key === key
        ? { ...kept.day, terms: day }
        : prepareDay(market, day, decision, readCalendar(config.calendar));
    this.#prepared.set(date, { key, day: prepared });
    const by = { config: decision, model, voters };
    return { market, day, judged: await judgePrepared(prepared, by) };
  }
}
