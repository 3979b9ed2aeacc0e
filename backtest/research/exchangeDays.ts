// Days whose orders our exchange matches, exactly as in a backtest. What is judged does not depend on what is risked or
// how a stop trails, so it is kept while only those are varied.
import type { SessionDate } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import type { RatchetConfig } from '../../infra/config/config';
import { dayTerms } from '../dayTerms';
import { judgeDay, type JudgedDay } from '../judgedDay';
import type { RecordedMarkets } from '../openMarket';
import { recordDay, type RecordedDay } from '../recordedDay';
import type { SignalModel } from '../signalModel';
import { exchangeDay, type TradableDay } from '../tradableDay';
import type { KeptDays } from './dayEngine';
import { OpenedConfigs } from './openedVoters';

export interface ExchangeTerms extends Pick<RecordedMarkets, 'marketOf'> {
  readonly model: SignalModel | null;
  readonly cash: Paise;
  /** Seeds the path inside each minute. */
  readonly seed: number;
}

const judgingKey = (config: RatchetConfig): string =>
  JSON.stringify({ ...config, risk: null, trailing: null });

export class ExchangeDays implements KeptDays {
  readonly #terms: ExchangeTerms;
  readonly #opened = new OpenedConfigs();
  readonly #recorded = new Map<SessionDate, RecordedDay>();
  /** The newest judgement of each day, with what it was made by. */
  readonly #judged = new Map<SessionDate, { readonly key: string; readonly day: JudgedDay }>();

  constructor(terms: ExchangeTerms) {
    this.#terms = terms;
  }

  readonly tradable = async (date: SessionDate, config: RatchetConfig): Promise<TradableDay> => {
    const { marketOf, model, cash, seed } = this.#terms;
    const recorded = this.#recorded.get(date) ?? recordDay(date, marketOf(date));
    this.#recorded.set(date, recorded);
    const { voters, decision } = await this.#opened.of(config);
    const day = dayTerms(recorded, { config: { ...config, decision }, cash, seed });
    const key = judgingKey(config);
    const kept = this.#judged.get(date);
    if (kept?.key === key) return exchangeDay(recorded, day, kept.day);
    const { calendar, stocks, entryDay } = day;
    const by = { config: decision, calendar, model, voters };
    const judged = await judgeDay(recorded, { ...by, plan: entryDay.plan, stocks });
    this.#judged.set(date, { key, day: judged });
    return exchangeDay(recorded, day, judged);
  };
}
