// Judges one bar of a recorded day again: indicators, agents and decision from the stored candles. News, the
// model's answers and gaps of the feed are inputs and taken as stored.
import {
  analyseBars,
  closedBars,
  decide,
  feedGapCode,
  judgedRow,
  unjudgedRow,
  type DecisionConfig,
  type Judgement,
  type WhyRow,
} from '../decision';
import type { JudgedStock } from '../entry';
import { Refused } from '../errors';
import { candleWindowMs, type IndicatorSnapshot } from '../indicators';
import type { Candle } from '../market/candle';
import { neutralSentiment, type SentimentView } from '../sentiment/view';
import {
  sameStrategies,
  type OwnVotes,
  type SeenStock,
  type StrategyInUse,
  type StrategyVote,
} from '../strategy';
import { epochMs, paise, type EpochMs } from '../units';
import { differencesOf, type Difference } from './differences';
import type { DayRecord } from './record';

export interface ReplayedBar {
  readonly barEnd: EpochMs;
  readonly judged: readonly JudgedStock[];
  readonly differences: readonly Difference[];
}

/** The candles that the analysis of that bar read. */
function candlesBefore(candles: readonly Candle[], barEnd: EpochMs): readonly Candle[] {
  return candles.filter(({ at }) => at >= barEnd - candleWindowMs && at < barEnd);
}

interface Bar {
  readonly barAt: EpochMs;
  readonly barEnd: EpochMs;
  readonly config: DecisionConfig;
}

/** A stock as the bar's analysis saw it, or why it could not be judged. */
interface SeenAgain {
  readonly stored: WhyRow;
  readonly candles: readonly Candle[];
  readonly bars: readonly IndicatorSnapshot[];
  readonly refused: Refused | null;
}

const knownOf = ({ trail }: WhyRow): Judgement | null => ('refused' in trail ? null : trail);

function seeAgain(candles: readonly Candle[], stored: WhyRow, bar: Bar): SeenAgain {
  const instrument = { tradingsymbol: stored.tradingsymbol };
  try {
    return {
      stored,
      candles,
      bars: closedBars({ instrument, candles, barEnd: bar.barEnd, config: bar.config }),
      refused: null,
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { stored, candles, bars: [], refused: error };
  }
}

const newsOf = (stored: WhyRow, barEnd: EpochMs): SentimentView =>
  knownOf(stored)?.sentiment ?? neutralSentiment(barEnd);

/** Where the code that voted is not the code at hand, its votes are inputs and taken as stored. */
function* ownVotesAgain(
  seen: readonly SeenAgain[],
  { config, barEnd }: Bar,
  strategies: readonly StrategyInUse[],
): Generator<readonly SeenStock[], OwnVotes, OwnVotes> {
  if (sameStrategies(config.strategies ?? [], strategies)) {
    if (strategies.length === 0) return new Map();
    return yield seen
      .filter(({ refused }) => refused === null)
      .map(({ stored, bars }) => ({
        tradingsymbol: stored.tradingsymbol,
        bars,
        news: newsOf(stored, barEnd),
      }));
  }
  return new Map(
    seen.map(({ stored }) => [
      stored.tradingsymbol,
      knownOf(stored)?.analysis.votes.filter(({ hash }) => hash !== undefined) ?? [],
    ]),
  );
}

/** The row the day should have stored, and the judgement behind it. */
function judgeAgain(
  { stored, candles, bars, refused }: SeenAgain,
  ownVotes: readonly StrategyVote[],
  { barAt, barEnd, config }: Bar,
): { readonly row: WhyRow; readonly judged: JudgedStock | null } {
  const { tradingsymbol } = stored;
  if (refused !== null) return { row: unjudgedRow(tradingsymbol, barAt, refused), judged: null };
  const sentiment = newsOf(stored, barEnd);
  const model = knownOf(stored)?.model ?? noAnswer;
  try {
    const instrument = { tradingsymbol };
    const analysis = analyseBars(bars, { instrument, sentiment, config, ownVotes });
    const decision = decide({ analysis, sentiment, ...model, config });
    const close = candles.at(-1)?.close ?? paise(0);
    return {
      row: judgedRow({ analysis, sentiment, model, decision }),
      judged: { decision, analysis, close },
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { row: unjudgedRow(tradingsymbol, barAt, error), judged: null };
  }
}

const noAnswer = { probabilityLong: null, probabilityShort: null, version: null };

function configAt({ configs }: DayRecord, barAt: EpochMs): DecisionConfig {
  const config = configs.findLast((one) => one.barAt <= barAt)?.config;
  if (config !== undefined) return config;
  throw new Refused({
    code: 'PARITY_NOT_RECORDED',
    message: 'the day has no record of the configuration it was judged by',
  });
}

/** The minutes that were missing then have been filled since, so such a row is taken as stored. */
const hadGap = ({ trail }: WhyRow): boolean =>
  'refused' in trail && trail.refused.code === feedGapCode;

/** @param rows the rows the day stored for the bar. */
export function* replayBar(
  record: DayRecord,
  barAt: EpochMs,
  rows: readonly WhyRow[],
  strategies: readonly StrategyInUse[],
): Generator<readonly SeenStock[], ReplayedBar, OwnVotes> {
  const config = configAt(record, barAt);
  const bar: Bar = { barAt, barEnd: epochMs(barAt + config.barMinutes * 60_000), config };
  const differences: Difference[] = record.stocks
    .filter(({ tradingsymbol }) => !rows.some((row) => row.tradingsymbol === tradingsymbol))
    .map(({ tradingsymbol }) => ({
      kind: 'decision',
      tradingsymbol,
      barAt,
      field: 'row',
      stored: undefined,
      replayed: 'a judgement',
    }));
  const seen = rows
    .filter((row) => !hadGap(row))
    .map((row) => {
      const past = candlesBefore(record.candles.get(row.tradingsymbol) ?? [], bar.barEnd);
      return seeAgain(past, row, bar);
    });
  const votes = yield* ownVotesAgain(seen, bar, strategies);
  const judged: JudgedStock[] = [];
  for (const one of seen) {
    const { tradingsymbol } = one.stored;
    const again = judgeAgain(one, votes.get(tradingsymbol) ?? [], bar);
    const about = { kind: 'decision', tradingsymbol, barAt } as const;
    differences.push(...differencesOf(about, one.stored, again.row));
    if (again.judged !== null) judged.push(again.judged);
  }
  return { barEnd: bar.barEnd, judged, differences };
}
