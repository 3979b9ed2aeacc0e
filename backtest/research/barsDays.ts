// Days from their candles alone, for fast searches. What the agents find on a day is kept from one trial to the next, so
// that a trial which only weighs it differently asks nobody again.
import type { SessionDate } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import { barsDay, prepareDay, type PreparedDay } from '../bars';
import { dayTerms } from '../dayTerms';
import type { RecordedMarkets } from '../openMarket';
import type { SignalModel } from '../signalModel';
import type { TradableDay } from '../tradableDay';
import type { KeptDays } from './dayEngine';
import { OpenedConfigs } from './openedVoters';

export interface BarsTerms {
  readonly model: SignalModel | null;
  readonly cash: Paise;
  readonly seed: number;
  readonly barsOf: NonNullable<RecordedMarkets['barsOf']>;
}

/** What the agents find depends on themselves, on the bars and on which stocks are watched. */
const castingKey = (config: RatchetConfig): string => {
  const { decision, strategies, screener, universe, sectors, calendar } = config;
  const asked = [decision.agents, decision.barMinutes, strategies.use];
  return JSON.stringify([...asked, screener, universe, sectors, calendar]);
};

export class BarsDays implements KeptDays {
  readonly #terms: BarsTerms;
  readonly #opened = new OpenedConfigs();
  readonly #prepared = new Map<SessionDate, { readonly key: string; readonly day: PreparedDay }>();

  constructor(terms: BarsTerms) {
    this.#terms = terms;
  }

  readonly tradable = async (date: SessionDate, config: RatchetConfig): Promise<TradableDay> => {
    const { barsOf, model, cash, seed } = this.#terms;
    const kept = this.#prepared.get(date);
    const market = kept?.day.day ?? barsOf(date);
    const { voters, decision } = await this.#opened.of(config);
    const terms = dayTerms(market, { config: { ...config, decision }, cash, seed });
    const key = castingKey(config);
    const day = kept?.key === key ? { ...kept.day, terms } : prepareDay(market, terms, decision);
    this.#prepared.set(date, { key, day });
    return barsDay(day, { config: decision, model, voters });
  };
}
