// A trade with what led to it and what the price did meanwhile.
import type { Regime } from '../domain/decision';
import type { Candle } from '../domain/market/candle';
import { barEndOf, type PositionTerms } from '../domain/position';
import { paise, type EpochMs, type Paise } from '../domain/units';
import type { JudgedDay, StockJudgement } from './judgedDay';
import type { DayTrade } from './tradedPosition';

/** A vote on the decision's bar, without its words. */
export interface CastVote {
  readonly agent: string;
  readonly action: 'BUY' | 'SELL';
  readonly confidence: number;
}

export interface ReportedTrade extends DayTrade {
  /** Stop and target as they were set from the entry price, before they moved. */
  readonly stop: Paise;
  readonly target: Paise;
  /** The decision's combined score, −1..1. */
  readonly score: number;
  /** Of the signal-quality model; null without its answer. */
  readonly probability: number | null;
  readonly regime: Regime;
  readonly votes: readonly CastVote[];
  /**
   * How far the price went against the position and for it, in paise a share, 0 or more: by the candles of all
   * minutes in which it was held, the entry's and the exit's whole.
   */
  readonly adverse: Paise;
  readonly favourable: Paise;
}

/** Everything of the day that its trades are looked up in. */
export interface TradesOf {
  readonly judged: JudgedDay;
  readonly approved: readonly PositionTerms[];
  readonly candles: ReadonlyMap<string, readonly Candle[]>;
}

export function reportedTrades(
  trades: readonly DayTrade[],
  { judged, approved, candles }: TradesOf,
): readonly ReportedTrade[] {
  const terms = new Map(approved.map((one) => [one.intent.intentId, one.intent]));
  const bars = new Map(judged.bars.map((bar) => [bar.barEnd, bar.judged]));
  return trades.flatMap((trade) => {
    const intent = terms.get(trade.intentId);
    const barEnd = intent === undefined ? undefined : barEndOf(intent);
    const found = (barEnd === undefined ? [] : (bars.get(barEnd) ?? [])).find(
      ({ decision }) => decision.tradingsymbol === trade.tradingsymbol,
    );
    if (intent === undefined || found === undefined) return [];
    const sign = trade.direction === 'LONG' ? 1 : -1;
    return [
      {
        ...trade,
        stop: paise(trade.entryPrice - sign * intent.stopDistance),
        target: paise(trade.entryPrice + sign * intent.targetDistance),
        ...judgementOf(found),
        ...excursion(trade, candles.get(trade.tradingsymbol) ?? []),
      },
    ];
  });
}

const judgementOf = ({
  decision,
  analysis,
}: StockJudgement): Pick<ReportedTrade, 'score' | 'probability' | 'regime' | 'votes'> => ({
  score: decision.combined,
  probability: decision.probability,
  regime: analysis.regime,
  votes: analysis.votes.flatMap(({ agent, action, confidence }) =>
    action === 'NONE' ? [] : [{ agent, action, confidence }],
  ),
});

const minuteMs = 60_000;
const minuteOf = (at: EpochMs): number => at - (at % minuteMs);

function excursion(
  { direction, entryPrice, exitPrice, entryAt, exitAt }: DayTrade,
  candles: readonly Candle[],
): Pick<ReportedTrade, 'adverse' | 'favourable'> {
  const held = candles.filter(({ at }) => at >= minuteOf(entryAt) && at <= exitAt);
  const lowest = Math.min(entryPrice, exitPrice, ...held.map(({ low }) => low));
  const highest = Math.max(entryPrice, exitPrice, ...held.map(({ high }) => high));
  const [below, above] = [paise(entryPrice - lowest), paise(highest - entryPrice)];
  return direction === 'LONG'
    ? { adverse: below, favourable: above }
    : { adverse: above, favourable: below };
}
