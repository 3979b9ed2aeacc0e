// Judges one bar of a recorded day again: indicators, agents and decision from the stored candles. News, the
// model's answers and gaps of the feed are inputs and taken as stored.
import {
  analyseStock,
  decide,
  feedGapCode,
  judgedRow,
  unjudgedRow,
  type DecisionConfig,
  type WhyRow,
} from '../decision';
import type { JudgedStock } from '../entry';
import { Refused } from '../errors';
import { candleWindowMs } from '../indicators';
import type { Candle } from '../market/candle';
import { neutralSentiment } from '../sentiment/view';
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

/** The row the day should have stored, and the judgement behind it. */
function judgeAgain(
  candles: readonly Candle[],
  stored: WhyRow,
  { barAt, barEnd, config }: Bar,
): { readonly row: WhyRow; readonly judged: JudgedStock | null } {
  const { tradingsymbol, trail } = stored;
  // The minutes that were missing then have been filled since.
  if ('refused' in trail && trail.refused.code === feedGapCode)
    return { row: stored, judged: null };
  const known = 'refused' in trail ? null : trail;
  const sentiment = known?.sentiment ?? neutralSentiment(barEnd);
  const model = known?.model ?? noAnswer;
  try {
    const instrument = { tradingsymbol };
    const analysis = analyseStock({ instrument, candles, barEnd, sentiment, config });
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

/** @param rows the rows the day stored for the bar. */
export function replayBar(
  { stocks, candles, configs }: DayRecord,
  barAt: EpochMs,
  rows: readonly WhyRow[],
): ReplayedBar {
  const config = configs.findLast((one) => one.barAt <= barAt)?.config;
  if (config === undefined)
    throw new Refused({
      code: 'PARITY_NOT_RECORDED',
      message: 'the day has no record of the configuration it was judged by',
    });
  const barEnd = epochMs(barAt + config.barMinutes * 60_000);
  const byStock = new Map(rows.map((row) => [row.tradingsymbol, row]));
  const names = new Set([...stocks.map(({ tradingsymbol }) => tradingsymbol), ...byStock.keys()]);
  const judged: JudgedStock[] = [];
  const differences: Difference[] = [];
  for (const tradingsymbol of names) {
    const about = { kind: 'decision', tradingsymbol, barAt } as const;
    const stored = byStock.get(tradingsymbol);
    if (stored === undefined) {
      differences.push({ ...about, field: 'row', stored: undefined, replayed: 'a judgement' });
      continue;
    }
    const past = candlesBefore(candles.get(tradingsymbol) ?? [], barEnd);
    const again = judgeAgain(past, stored, { barAt, barEnd, config });
    differences.push(...differencesOf(about, stored, again.row));
    if (again.judged !== null) judged.push(again.judged);
  }
  return { barEnd, judged, differences };
}
