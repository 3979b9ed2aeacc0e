// Pictures of a backtest: its running profit beside the index and random entries, and how far it was below its best.
import { colours, grid, svg } from '../../activities/reports/charts';
import type { RunningDay } from '../../backtest';
import type { Markup } from '../../domain/markup';
import { fallsOf } from '../../domain/portfolio/falls';
import { rupeesFromPaise } from '../../domain/units';

const band = { type: 'line', stack: 'random', symbol: 'none', lineStyle: { opacity: 0 } };

interface Line {
  readonly name: string;
  readonly data: readonly (number | null)[];
}

const lineOf = (name: string, data: Line['data'], colour: string): Line & object => ({
  ...{ name, type: 'line', data, symbol: 'none' },
  ...{ lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour } },
});

/** The days' own sums, so that nothing lies between two sessions. */
export function runningChart(days: readonly RunningDay[]): Markup {
  const rupees = (pick: (day: RunningDay) => number | null | undefined): (number | null)[] =>
    days.map((day) => {
      const amount = pick(day) ?? null;
      return amount === null ? null : rupeesFromPaise(amount);
    });
  const low = rupees(({ random }) => random?.low);
  const high = rupees(({ random }) => random?.high);
  const width = high.map((most, day) => (most === null ? null : most - (low[day] ?? 0)));
  const series = [
    lineOf(
      'after charges',
      rupees(({ netPnl }) => netPnl),
      colours.equity,
    ),
    lineOf(
      'index each day',
      rupees(({ index }) => index),
      colours.mark,
    ),
    lineOf(
      'random entries: mean',
      rupees(({ random }) => random?.mean),
      colours.price,
    ),
  ].filter(({ data }) => data.some((value) => value !== null));
  return svg(
    {
      grid: { ...grid, left: 90 },
      legend: { top: 0, data: series.map(({ name }) => name) },
      xAxis: { type: 'category', data: days.map(({ date }) => date) },
      yAxis: { type: 'value', name: '₹' },
      series: [
        { ...band, name: 'random 5 %', data: low, stackStrategy: 'all' },
        {
          ...{ ...band, name: 'random 95 %', data: width, stackStrategy: 'all' },
          areaStyle: { color: colours.price, opacity: 0.12 },
        },
        ...series,
      ],
    },
    900,
    300,
  );
}

/** Below the best so far, trade by trade in the order they were closed; 0 at a new best. */
export function fallChart(profits: readonly number[]): Markup {
  const falls = fallsOf(profits).map((fall) => rupeesFromPaise(0 - fall));
  return svg(
    {
      grid: { ...grid, left: 90 },
      xAxis: { type: 'category', name: 'trade', data: falls.map((_, index) => index + 1) },
      yAxis: { type: 'value', name: '₹' },
      series: [
        {
          ...lineOf('below the best so far', falls, colours.stop),
          step: 'end',
          areaStyle: { color: colours.stop, opacity: 0.12 },
        },
      ],
    },
    900,
    200,
  );
}
