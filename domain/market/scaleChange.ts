// Where a series of candles changes its scale over a night: a split, a bonus, or an error. Indicators over such a step
// would take it for a move. Sources: docs/candle-files.md.
import type { SessionDate } from '../session/calendar';
import { istDate } from '../session/sessionClock';
import { formatRupees } from '../units';
import type { Candle } from './candle';
import type { PriceBand } from './instrument';
import type { SessionSummary } from './stockHistory';

/** The first candle of a date, beside the last one before it. */
export interface ScaleChange {
  readonly from: SessionDate;
  readonly to: SessionDate;
  /** Of the close before, signed. */
  readonly percent: number;
}

/**
 * The widest fixed price band is 20 %. Stocks with derivatives have none, so it is their limit, too. The last trade
 * before a night is not quite the official close that a band is counted from: one percent more.
 */
const overnightMaxPct = 21;

type PricedBar = Pick<Candle, 'at'> & { readonly open: number; readonly close: number };

/** The change between two bars; null where it is one of the same date, or one that trading can make. */
export function scaleChange(before: PricedBar, bar: PricedBar): ScaleChange | null {
  const percent = (100 * (bar.open - before.close)) / before.close;
  if (Math.abs(percent) <= overnightMaxPct) return null;
  const [from, to] = [istDate(before.at), istDate(bar.at)];
  return from === to ? null : { from, to, percent };
}

/** The first night over which the sessions, oldest first, change their scale. */
function firstChange(sessions: readonly SessionSummary[]): ScaleChange | null {
  for (const [index, session] of sessions.entries()) {
    const before = sessions[index - 1];
    const change =
      before === undefined
        ? null
        : scaleChange({ ...before, at: before.lastAt }, { ...session, at: session.firstAt });
    if (change !== null) return change;
  }
  return null;
}

/** The change in words. */
export function scaleChangeText({ from, to, percent }: ScaleChange): string {
  const sign = percent < 0 ? '−' : '+';
  return `between the close of ${from} and the open of ${to} the price moved ${sign}${Math.abs(percent).toFixed(1)} %, more than ${overnightMaxPct} %: a split, a bonus or an error`;
}

/**
 * Why history is not of the day's scale, in words: a step inside it, or an end that the day's price limits exclude,
 * since those are counted from the close as the exchange has adjusted it. null where nothing says so.
 * @param sessions earlier ones, oldest first.
 */
export function scaleRefusal(sessions: readonly SessionSummary[], band: PriceBand): string | null {
  const change = firstChange(sessions);
  if (change !== null) return scaleChangeText(change);
  const last = sessions.at(-1)?.close;
  if (last === undefined || (last >= band.lower && last <= band.upper)) return null;
  return `its history ends at ${formatRupees(last)}, outside the day’s price limits ${formatRupees(band.lower)} to ${formatRupees(band.upper)}: a split, a bonus or an error`;
}
