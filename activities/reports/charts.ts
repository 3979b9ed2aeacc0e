// Charts as SVG text, drawn on the server by ECharts. Times are shown in India's time.
import { init, type EChartsCoreOption } from 'echarts';
import { Markup } from '../../domain/markup';
import { istDate, istTime } from '../../domain/session/sessionClock';
import { epochMs, rupeesFromPaise } from '../../domain/units';
import type { DayFacts, TradeFacts } from './dayFacts';

export const colours = {
  price: '#334155',
  stop: '#dc2626',
  target: '#16a34a',
  equity: '#2563eb',
  mark: '#f59e0b',
};

/** What it is given stands escaped in it. */
export function svg(option: EChartsCoreOption, width: number, height: number): Markup {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  // Whatever the machine's zone: the ticks of a time axis would move with it.
  chart.setOption({ animation: false, useUTC: true, ...option });
  const text = chart.renderToSVGString();
  chart.dispose();
  return Markup.trusted(text);
}

export const timeAxis = {
  type: 'time',
  axisLabel: {
    formatter: (value: number): string => istTime(epochMs(Math.round(value))).slice(0, 5),
  },
};
const dateAxis = {
  type: 'time',
  axisLabel: { formatter: (value: number): string => istDate(epochMs(Math.round(value))) },
};
const dayMs = 86_400_000;
export const grid = { left: 70, right: 20, top: 30, bottom: 30 };

/** Profit realised at an instant. Money in paise. */
export interface Gain {
  readonly at: number;
  readonly netPnl: number;
}

/** Profit after charges over the day, trade by trade. */
export function dayEquityChart({ date, trades }: DayFacts): Markup {
  const today = trades.flatMap(({ fills }) => fills).filter(({ at }) => istDate(at) === date);
  const start = today.map(({ at }) => at).sort((one, other) => one - other)[0];
  const gains = trades.map(({ fills, netPnl }) => ({ at: fills.at(-1)?.at ?? 0, netPnl }));
  return equityChart(gains, start);
}

/** The running sum of gains; `start` is the instant at which it is 0. */
export function equityChart(gains: readonly Gain[], start: number | undefined): Markup {
  let total = 0;
  const points = gains
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, netPnl }) => [at, rupeesFromPaise((total += netPnl))]);
  const span = (gains.at(-1)?.at ?? 0) - (start ?? 0);
  return svg(
    {
      grid,
      xAxis: span > dayMs ? dateAxis : timeAxis,
      yAxis: { type: 'value', scale: true, name: '₹' },
      series: [
        {
          type: 'line',
          step: 'end',
          data: start === undefined ? points : [[start, 0], ...points],
          lineStyle: { color: colours.equity },
          itemStyle: { color: colours.equity },
          areaStyle: { opacity: 0.1 },
        },
      ],
    },
    900,
    260,
  );
}

/** One trade: its price, the paths of stop and target, and its fills. */
export function tradeChart(trade: TradeFacts): Markup {
  const end = trade.fills.at(-1)?.at ?? 0;
  const path = (pick: 'stop' | 'target'): number[][] => {
    const points = trade.levels.map((level) => [level.at, rupeesFromPaise(level[pick])]);
    const last = points.at(-1)?.[1];
    return last === undefined ? points : [...points, [end, last]];
  };
  const line = (name: string, data: number[][], colour: string, step: boolean): object => ({
    name,
    type: 'line',
    data,
    showSymbol: false,
    lineStyle: { color: colour, width: 1.5 },
    itemStyle: { color: colour },
    ...(step ? { step: 'end' } : {}),
  });
  return svg(
    {
      grid,
      legend: { top: 0 },
      xAxis: timeAxis,
      yAxis: { type: 'value', scale: true, name: '₹' },
      series: [
        line(
          'price',
          trade.candles.map((candle) => [candle.at, rupeesFromPaise(candle.close)]),
          colours.price,
          false,
        ),
        line('stop', path('stop'), colours.stop, true),
        line('target', path('target'), colours.target, true),
        {
          name: 'fills',
          type: 'scatter',
          symbolSize: 9,
          data: trade.fills.map((fill) => [fill.at, rupeesFromPaise(fill.price)]),
          itemStyle: { color: colours.mark },
        },
      ],
    },
    900,
    280,
  );
}
