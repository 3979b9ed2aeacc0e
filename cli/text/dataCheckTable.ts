// The lines of `ratchet data check`.
import { spikeRule } from '../../domain/candleStore/spikes';
import { mustMend, type LackingDay, type SeriesCheck } from '../../domain/candleStore/seriesCheck';
import type { TradingCalendar } from '../../domain/session/calendar';
import { coverageCalendar, coverageLegend } from './coverageCalendar';
import { columns } from './output';

/** Of one stock; more are in the JSON document. */
const shownMax = 10;

export function dataCheckLines(
  checks: readonly SeriesCheck[],
  calendar: TradingCalendar,
): readonly string[] {
  const unlisted = checks.reduce((sum, one) => sum + one.unlistedDays, 0);
  return [
    ...columns([
      ['stock', 'bar', 'candles', 'first', 'last', 'sessions', 'missing', 'in part', 'to mend'],
      ...checks.map(rowOf),
    ]),
    ...worstDays(checks),
    ...dailyLines(checks),
    '',
    ...coverageCalendar(checks, calendar),
    coverageLegend,
    ...(unlisted === 0
      ? []
      : [
          `${unlisted} days are of years before ${Math.min(...calendar.years)}, whose holidays no list has: missing days and minutes of them are not known`,
        ]),
    ...mendLines(checks),
  ];
}

const rowOf = (check: SeriesCheck): readonly string[] => [
  check.symbol,
  check.minutes === null ? '–' : `${check.minutes} min`,
  String(check.candles),
  check.first ?? '–',
  check.last ?? '–',
  ...[check.sessions, check.missingDays.length, check.lacking.length, mustMend(check).length].map(
    String,
  ),
];

/** The days that lack most, over all stocks. */
function worstDays(checks: readonly SeriesCheck[]): readonly string[] {
  const days = new Map<string, { stocks: number; missing: number; worst: LackingDay }>();
  for (const day of checks.flatMap(({ lacking }) => lacking)) {
    const known = days.get(day.date) ?? { stocks: 0, missing: 0, worst: day };
    days.set(day.date, {
      stocks: known.stocks + 1,
      missing: known.missing + day.missing,
      worst: day.missing > known.worst.missing ? day : known.worst,
    });
  }
  const ordered = [...days].sort(([, a], [, b]) => b.missing - a.missing);
  const lines = ordered
    .slice(0, shownMax)
    .map(
      ([date, { stocks, worst }]) =>
        `${date}: ${stocks} stocks lack minutes, at most ${worst.missing} of ${worst.bars} bars, from ${worst.from} to ${worst.until}`,
    );
  const more = ordered.length - shownMax;
  if (lines.length === 0) return [];
  return ['', ...lines, ...(more > 0 ? [`and ${more} more days in part, see --json`] : [])];
}

function dailyLines(checks: readonly SeriesCheck[]): readonly string[] {
  const lines = checks.flatMap(({ symbol, daily }) => {
    if (daily === null || daily.compared === 0) return [];
    const { compared, volumePct, scaled } = daily;
    const share =
      volumePct === null ? 'no volume' : `volume ${volumePct.toFixed(1)} % of the day’s`;
    return [
      `${symbol} beside daily bars: ${compared} days, ${share}`,
      ...scaled.map(
        ({ from, until, ratio, days }) =>
          `  from ${from} to ${until} (${days} days) daily prices are ${ratio} times those of the minutes: one of the two is adjusted, a factor of ${Math.round((1 / ratio) * 10_000) / 10_000}`,
      ),
    ];
  });
  return lines.length === 0 ? [] : ['', ...lines];
}

function mendLines(checks: readonly SeriesCheck[]): readonly string[] {
  const lines = checks.flatMap((check) => {
    const mend = mustMend(check);
    const more = mend.length - shownMax;
    return [
      ...mend.slice(0, shownMax).map((line) => `✗ ${check.symbol}: ${line}`),
      ...(more > 0 ? [`✗ ${check.symbol}: and ${more} more, see --json`] : []),
    ];
  });
  if (lines.length === 0) return ['', 'nothing must be mended'];
  const hasSpikes = checks.some(({ spikes }) => spikes.length > 0);
  return ['', ...lines, ...(hasSpikes ? [`a spike is ${spikeRule}`] : [])];
}
