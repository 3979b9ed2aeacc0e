// Where a series of candles changes its scale over a night: a split, a bonus, or an error. Indicators over such a step
// would take it for a move. Sources: docs/deciding.md, Splits and bonuses.
import type { SessionDate } from '../session/calendar';
import { istDate } from '../session/sessionClock';
import { formatRupees } from '../units';
import type { Candle } from './candle';
import type { PriceBand } from './instrument';

/** The first candle of a date, beside the last one before it. */
interface OvernightGap {
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

/** The gap between two bars; null where it is one of the same date, or one that trading can make. */
export function overnightGap(before: PricedBar, bar: PricedBar): OvernightGap | null {
  const percent = (100 * (bar.open - before.close)) / before.close;
  if (Math.abs(percent) <= overnightMaxPct) return null;
  const [from, to] = [istDate(before.at), istDate(bar.at)];
  return from === to ? null : { from, to, percent };
}

/** The first night over which the series, oldest first, changes its scale. */
function scaleChange(bars: readonly PricedBar[]): OvernightGap | null {
  for (const [index, bar] of bars.entries()) {
    const before = bars[index - 1];
    const gap = before === undefined ? null : overnightGap(before, bar);
    if (gap !== null) return gap;
  }
  return null;
}

/** The gap in words. */
export function gapText({ from, to, percent }: OvernightGap): string {
  const sign = percent < 0 ? '−' : '+';
  return `between the close of ${from} and the open of ${to} the price moved ${sign}${Math.abs(percent).toFixed(1)} %, more than ${overnightMaxPct} %: a split, a bonus or an error`;
}

/**
 * Why history is not of the day's scale, in words: a step inside it, or an end that the day's price limits exclude,
 * since those are counted from the close as the exchange has adjusted it. null where nothing says so.
 * @param candles of earlier sessions, oldest first.
 */
export function scaleRefusal(candles: readonly Candle[], band: PriceBand): string | null {
  const gap = scaleChange(candles);
  if (gap !== null) return gapText(gap);
  const last = candles.at(-1)?.close;
  if (last === undefined || (last >= band.lower && last <= band.upper)) return null;
  return `its history ends at ${formatRupees(last)}, outside the day’s price limits ${formatRupees(band.lower)} to ${formatRupees(band.upper)}: a split, a bonus or an error`;
}
