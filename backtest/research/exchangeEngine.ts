// The exact engine: the live decisions, risk and position machine against the exchange's own engine, as in a backtest.
// What a change of configuration leaves as it was is kept from one trial to the next.
import type { SessionDate } from '../../domain/session/calendar';
import type { Paise } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import type { RatchetConfig } from '../../infra/config/config';
import { chanceFor } from '../../exchange/market/chance';
import type { MarketSource } from '../../exchange/market/source';
import { decidedEntries } from '../entryPlan';
import { dayTerms } from '../index';
import { judgeDay, type JudgedDay } from '../judgedDay';
import { figuresOf } from '../measures';
import { randomEntries } from '../randomEntries';
import { recordDay, type RecordedDay } from '../recordedDay';
import type { SignalModel } from '../signalModel';
import { tradeDay, type DayTerms, type TradedDay } from '../tradedDay';
import type { DayEngine, DayResult } from './dayEngine';

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
  readonly #recorded = new Map<SessionDate, RecordedDay>();
  /** The newest judgement of each day, with what it was made by. */
  readonly #judged = new Map<SessionDate, { readonly key: string; readonly day: JudgedDay }>();

  constructor(terms: ExchangeTerms) {
    this.#terms = terms;
  }

  async play(date: SessionDate, config: RatchetConfig): Promise<DayResult> {
    const { trades, approved } = this.#trade(await this.#prepare(date, config));
    const { netPnl, grossPnl, charges } = figuresOf(trades);
    return {
      ...{ date, netPnl, grossPnl, charges, entries: approved.length },
      trades: trades.map((trade) => ({
        entryAt: trade.entryAt,
        exitAt: trade.exitAt,
        grossPnl: trade.grossPnl,
        netPnl: trade.netPnl,
      })),
    };
  }

  async twins(date: SessionDate, config: RatchetConfig, runs: number): Promise<readonly Paise[]> {
    const prepared = await this.#prepare(date, config);
    const { recorded, day, judged } = prepared;
    const { sizeFactors } = this.#trade(prepared);
    return Array.from({ length: runs }, (_, run) => {
      const chance = chanceFor(this.#terms.seed, `lots/${date}/${run + 1}`);
      const plan = randomEntries(judged, sizeFactors, config.decision, chance);
      return figuresOf(tradeDay(recorded, day, plan).trades).netPnl;
    });
  }

  #trade({ recorded, day, judged }: Prepared): TradedDay {
    return tradeDay(recorded, day, decidedEntries(judged));
  }

  async #prepare(date: SessionDate, config: RatchetConfig): Promise<Prepared> {
    const recorded = this.#recorded.get(date) ?? recordDay(date, this.#terms.marketOf(date));
    this.#recorded.set(date, recorded);
    const { marketOf, model, cash, seed } = this.#terms;
    const day = dayTerms(recorded, { config, model, cash, seed, randomRuns: 0, marketOf });
    const key = judgingKey(config);
    const kept = this.#judged.get(date);
    if (kept?.key === key) return { recorded, day, judged: kept.day };
    const { stocks, entryDay } = day;
    const calendar = readCalendar(config.calendar);
    const by = { plan: entryDay.plan, stocks, config: config.decision, calendar, model };
    const judged = await judgeDay(recorded, by);
    this.#judged.set(date, { key, day: judged });
    return { recorded, day, judged };
  }
}
