// Steps 4 and 5 of the day (docs/trading-day.md): from candles and news to the votes of all agents and one
// technical score. The answer holds everything that led to the score, and is stored for every stock and bar.
import { allVotes } from '../agents';
import { Refused } from '../errors';
import { createIndicatorEngine, pastOf, type IndicatorSnapshot } from '../indicators';
import type { Candle } from '../market/candle';
import type { Instrument } from '../market/instrument';
import type { SentimentView } from '../sentiment/view';
import { istTime } from '../session/sessionClock';
import type { StrategyVote } from '../strategy';
import type { EpochMs } from '../units';
import type { AgentWeights, DecisionConfig } from './config';
import { regimeOf, type Regime } from './regime';
import { signedConfidence, technicalScore, totalWeight, weightsOf } from './technicalScore';

/** Bars before the current one that agents and features may look at. */
export const recentBars = 30;

/** What is known of one stock when a bar closes. */
export interface StockInput {
  readonly instrument: Pick<Instrument, 'tradingsymbol'>;
  /** Closed one-minute candles, ascending; earlier sessions warm the indicators up. */
  readonly candles: readonly Candle[];
  /** End of the bar that is judged. */
  readonly barEnd: EpochMs;
  readonly sentiment: SentimentView;
  readonly config: DecisionConfig;
  /** What the user's own strategies say of it; left out, there are none. */
  readonly ownVotes?: readonly StrategyVote[];
}

/** The judgement of one stock on one bar. JSON-plain. */
export interface StockAnalysis {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  readonly snapshot: IndicatorSnapshot;
  /** Earlier bars, oldest first: what the votes and the model's features looked back on. */
  readonly recent: readonly IndicatorSnapshot[];
  readonly votes: readonly StrategyVote[];
  /** Score of the votes, −1..1. */
  readonly technical: number;
  readonly regime: Regime;
  /** 0 all voters agree … 1 both sides weigh the same. */
  readonly conflict: number;
  /** The weight each agent's vote had. */
  readonly weights: AgentWeights;
}

/**
 * Judges the bar that ends at `barEnd`. Its last minutes may have had no trade; the clock closes it.
 * @throws Refused CANDLE_* on impossible candles, ANALYSIS_NO_BAR when nothing was traded in the bar.
 */
export const analyseStock = (input: StockInput): StockAnalysis =>
  analyseBars(closedBars(input), input);

/** Every bar up to `barEnd`, which the last one ends at. @throws Refused as `analyseStock` does */
export function closedBars(
  input: Pick<StockInput, 'instrument' | 'candles' | 'barEnd' | 'config'>,
): readonly IndicatorSnapshot[] {
  const engine = createIndicatorEngine({ barMinutes: input.config.barMinutes });
  const bars = input.candles.flatMap((candle) => engine.update(candle));
  bars.push(...engine.closeThrough(input.barEnd));
  requireClosed(bars, input);
  return bars;
}

/** @throws Refused ANALYSIS_NO_BAR unless the last of these bars, ascending, ended at `barEnd`. */
export function requireClosed(
  bars: readonly IndicatorSnapshot[],
  { instrument, barEnd, config }: Pick<StockInput, 'instrument' | 'barEnd' | 'config'>,
): void {
  const last = bars.at(-1);
  // The newest bar is an older one. It was judged when it closed; judging it again would trade on an old
  // price.
  if (last !== undefined && last.barAt + config.barMinutes * 60_000 !== barEnd)
    refuse(
      `${instrument.tradingsymbol}: nothing was traded in the ${config.barMinutes}-minute bar that ended at ${istTime(barEnd).slice(0, 5)}`,
    );
}

/** Judges the last of these bars, ascending. @throws Refused ANALYSIS_NO_BAR when there is none. */
export function analyseBars(
  bars: readonly IndicatorSnapshot[],
  {
    instrument,
    sentiment,
    config,
    ownVotes = [],
  }: Pick<StockInput, 'instrument' | 'sentiment' | 'config' | 'ownVotes'>,
): StockAnalysis {
  const snapshot = bars.at(-1);
  if (snapshot === undefined)
    refuse(`${instrument.tradingsymbol}: no ${config.barMinutes}-minute bar has closed yet`);
  const recent = bars.slice(-recentBars - 1, -1);
  const past = pastOf(recent);
  const votes = [...allVotes({ snapshot, past, sentiment, config: config.agents }), ...ownVotes];
  const regime = regimeOf(snapshot, past);
  const weights = weightsOf(regime, config);
  return {
    tradingsymbol: instrument.tradingsymbol,
    barAt: snapshot.barAt,
    snapshot,
    recent,
    votes,
    regime,
    weights,
    ...technicalScore(votes.map(signedConfidence), {
      weights: votes.map(({ agent }) => weights[agent] ?? 0),
      total: totalWeight(weights, config),
      fullQuorum: config.fullQuorum,
    }),
  };
}

function refuse(message: string): never {
  throw new Refused({ code: 'ANALYSIS_NO_BAR', message });
}
