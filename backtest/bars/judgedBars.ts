// Steps 3 to 7 of the day (docs/trading-day.md) from columns. Every stock-bar gets its score from numbers; only where
// the score lies beyond a threshold is the whole judgement made, by the decision's own functions.
import { agentNames } from '../../domain/agents';
import {
  beyondThreshold,
  combinedScore,
  signalFeatures,
  technicalScore,
  totalWeight,
  weightsOf,
  type DecisionConfig,
  type Weighing,
} from '../../domain/decision';
import { entryBars, type SessionPlan } from '../../domain/session/sessionPlan';
import type { EpochMs } from '../../domain/units';
import type { JudgedBar, JudgedDay } from '../judgedDay';
import type { AgentShare, Counts, DecisionTally } from '../measures';
import type { SignalModel } from '../signalModel';
import { noNews, regimes } from './castBars';
import type { CastStock } from './castStocks';
import { LazyJudgement, type JudgedAt } from './lazyJudgement';

const minuteMs = 60_000;

export interface BarsJudgedBy {
  readonly plan: SessionPlan;
  readonly config: DecisionConfig;
  /** null: the configuration decides, as for an absent model. */
  readonly model: SignalModel | null;
}

/** A day's decisions. Of those below the thresholds there are only counts, until somebody asks for one. */
export class JudgedBars implements JudgedDay {
  readonly barEnds: readonly EpochMs[];
  readonly unjudged: Counts;
  /** The judgements beyond a threshold, by the end of their bar. */
  readonly beyond: ReadonlyMap<EpochMs, readonly LazyJudgement[]>;
  readonly #all: ReadonlyMap<EpochMs, readonly JudgedAt[]>;
  readonly #config: DecisionConfig;
  #bars: readonly JudgedBar[] | undefined;

  constructor(
    all: ReadonlyMap<EpochMs, readonly JudgedAt[]>,
    beyond: ReadonlyMap<EpochMs, readonly LazyJudgement[]>,
    config: DecisionConfig,
    unjudged: Counts,
  ) {
    this.barEnds = [...all.keys()];
    this.unjudged = unjudged;
    this.beyond = beyond;
    this.#all = all;
    this.#config = config;
  }

  get bars(): readonly JudgedBar[] {
    this.#bars ??= [...this.#all].map(([barEnd, stocks]) => {
      const known = this.beyond.get(barEnd) ?? [];
      return {
        barEnd,
        judged: stocks.map(
          (one) => known.find((hit) => hit.isOf(one.stock)) ?? new LazyJudgement(one, this.#config),
        ),
      };
    });
    return this.#bars;
  }

  /** Counts of votes and decisions on bars that were not stale. */
  tally(isFresh: (barEnd: EpochMs) => boolean): DecisionTally {
    const fresh = [...this.#all].filter(([barEnd]) => isFresh(barEnd));
    const decided = fresh
      .flatMap(([barEnd]) => this.beyond.get(barEnd) ?? [])
      .map((one) => ({ one, action: one.decision.action }));
    const count = (wanted: string): number =>
      decided.filter(({ action }) => action === wanted).length;
    const stockBars = fresh.reduce((sum, [, stocks]) => sum + stocks.length, 0);
    const [LONG, SHORT] = [count('LONG'), count('SHORT')];
    const asked = agentNames.filter((name) => this.#config.agents[name] !== undefined);
    return {
      decisions: { LONG, SHORT, SKIP: stockBars - LONG - SHORT },
      agents: Object.fromEntries(asked.map((name) => [name, this.#shareOf(name, fresh, decided)])),
    };
  }

  #shareOf(
    name: (typeof agentNames)[number],
    fresh: readonly (readonly [EpochMs, readonly JudgedAt[]])[],
    decided: readonly { readonly one: LazyJudgement; readonly action: string }[],
  ): AgentShare {
    const place = agentNames.indexOf(name);
    const share = { buyVotes: 0, sellVotes: 0, inLong: 0, inShort: 0 };
    for (const [, stocks] of fresh)
      for (const { stock, at } of stocks) {
        const vote = signedAt(stock, at)[place] ?? 0;
        if (vote > 0) share.buyVotes += 1;
        if (vote < 0) share.sellVotes += 1;
      }
    for (const { one, action } of decided) {
      const vote = one.signed[place] ?? 0;
      if (action === 'LONG' && vote > 0) share.inLong += 1;
      if (action === 'SHORT' && vote < 0) share.inShort += 1;
    }
    return share;
  }
}

const signedAt = ({ cast: { signed, first } }: CastStock, at: number): Float64Array =>
  signed.subarray((at - first) * agentNames.length, (at - first + 1) * agentNames.length);

/** Judges every bar on which stocks may be entered. */
export async function judgeBars(
  stocks: readonly CastStock[],
  { plan, config, model }: BarsJudgedBy,
): Promise<JudgedBars> {
  const weighings = regimes.map((regime): Weighing => {
    const weights = weightsOf(regime, config);
    return {
      weights: agentNames.map((name) => weights[name] ?? 0),
      total: totalWeight(weights, config),
      fullQuorum: config.fullQuorum,
    };
  });
  const all = new Map<EpochMs, readonly JudgedAt[]>();
  const beyond = new Map<EpochMs, readonly LazyJudgement[]>();
  const next = stocks.map(({ cast }) => cast.first);
  let missing = 0;
  for (const barEnd of entryBars(plan, config.barMinutes)) {
    const start = barEnd / minuteMs - config.barMinutes;
    const judged: JudgedAt[] = [];
    const hits: LazyJudgement[] = [];
    for (const [index, stock] of stocks.entries()) {
      const { minute } = stock.columns;
      let at = next[index] ?? 0;
      while (at < minute.length && (minute[at] ?? 0) < start) at += 1;
      next[index] = at;
      if (minute[at] !== start) {
        missing += 1;
        continue;
      }
      const weighing = weighings[stock.cast.regime[at - stock.cast.first] ?? 0];
      if (weighing === undefined) throw new Error('Invariant: every bar has a regime');
      const { technical } = technicalScore(signedAt(stock, at), weighing);
      const one = { stock, at, technical };
      judged.push(one);
      if (beyondThreshold(combinedScore(technical, noNews), config) > 0)
        hits.push(new LazyJudgement(one, config));
    }
    all.set(barEnd, judged);
    beyond.set(barEnd, hits);
  }
  if (model !== null) await score(model, [...beyond.values()].flat());
  return new JudgedBars(all, beyond, config, missing === 0 ? {} : { ANALYSIS_NO_BAR: missing });
}

/** The model is asked about what may be traded alone: below the thresholds its answer changes nothing. */
async function score(model: SignalModel, judged: readonly LazyJudgement[]): Promise<void> {
  const rows = judged.flatMap(({ analysis: { snapshot, recent } }) => [
    signalFeatures(snapshot, recent, 'LONG'),
    signalFeatures(snapshot, recent, 'SHORT'),
  ]);
  const scores = rows.length === 0 ? [] : await model.score(rows);
  judged.forEach((one, index) => {
    one.probabilities = [scores[index * 2] ?? null, scores[index * 2 + 1] ?? null];
  });
}
