// Adds indicators to bars in CSV form; `ratchet indicators` uses it. Each row is a bar of its own, whatever
// its length. VWAP starts again with each IST date. Prices keep their unit.
import { barColumns, factorOn, refuseCell, type Factors, type WrittenBar } from '../candleFile';
import { scaleChangeText, scaleChange } from '../market/scaleChange';
import { istDate } from '../session/sessionClock';
import { barIndicators } from './barIndicators';
import { SessionVwap } from './sessionVwap';
import type { IndicatorSnapshot } from './snapshot';

/** Columns added to the input's, in this order; a cell is empty while its indicator warms up. */
export const indicatorColumns = [
  'ema9',
  'ema21',
  'sma20',
  'sma50',
  'rsi14',
  'rsi21',
  'macd',
  'macdSignal',
  'macdHistogram',
  'atr14',
  'vwap',
  'superTrend',
  'superTrendDirection',
] as const satisfies readonly (keyof IndicatorSnapshot)[];

/** Bars of one stock, with what the user named of its splits and bonuses. */
export interface IndicatorInput {
  readonly file: string;
  /** Oldest first. */
  readonly bars: readonly WrittenBar[];
  readonly factors: NonNullable<ReturnType<Factors['get']>>;
}

/**
 * The bars' ts, open, high, low, close and volume with `indicatorColumns` behind them.
 * @throws Refused CANDLE_FILE where the series changes its scale over a night.
 */
export function indicatorCsv({ file, bars, factors }: IndicatorInput): string {
  const indicators = barIndicators();
  const vwap = new SessionVwap();
  let before: WrittenBar | null = null;
  const rows = bars.map((written) => {
    const session = istDate(written.at);
    const bar = divided(written, factorOn(factors, session));
    requireSameScale(file, before, bar);
    before = bar;
    vwap.add(session, bar);
    const snapshot = indicators.next(bar, { session, barMinutes: 1, vwap: vwap.values() });
    return [...bar.written, ...indicatorColumns.map((column) => snapshot[column] ?? '')].join(',');
  });
  return `${[[...barColumns, ...indicatorColumns].join(','), ...rows].join('\n')}\n`;
}

/** The bar as if today’s shares had traded; as it is written where nothing changes it. Grouping is left out. */
function divided(bar: WrittenBar, factor: number): WrittenBar {
  const [ts = '', ...numbers] = bar.written;
  if (factor === 1)
    return { ...bar, written: [ts, ...numbers.map((text) => text.replaceAll(',', ''))] };
  const price = (value: number): number => Math.round((value / factor) * 10_000) / 10_000;
  const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(price) as [
    number,
    number,
    number,
    number,
  ];
  const volume = Math.round(bar.volume * factor);
  const written = [ts, ...[open, high, low, close, volume].map(String)];
  return { ...bar, open, high, low, close, volume, written };
}

function requireSameScale(file: string, before: WrittenBar | null, bar: WrittenBar): void {
  const change = before === null ? null : scaleChange(before, bar);
  if (change === null) return;
  const place = { file, line: bar.line, column: 'open', value: String(bar.open) };
  refuseCell(
    place,
    `${scaleChangeText(change)}; name its factor with --factors, or begin the file here`,
  );
}
