// Pictures of a study: the map of its parameters, and its running profit in sample and out of sample.
import { colours, grid, svg } from '../../activities/reports/charts';
import type { CurveDay, StudyDocument, TrialRow } from '../../backtest/research/studyDocument';
import type { Markup } from '../../domain/markup';
import type { Parameter, Space, Value } from '../../domain/research/space';
import { rupeesFromPaise } from '../../domain/units';
import { valueText } from './studyLines';

const sum = (days: readonly CurveDay[]): readonly (readonly [string, number])[] => {
  let total = 0;
  return days.map(({ date, netPnl }) => [date, rupeesFromPaise((total += netPnl))]);
};

const lineOf = (name: string, data: readonly unknown[], colour: string): object => ({
  ...{ name, type: 'line', data, symbol: 'none' },
  ...{ lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour } },
});

/** The best trial over all days of the search, and what each fold's choice made on the days that judged it. */
export function studyCurves({ searched, inSample, outOfSample }: StudyDocument): Markup {
  return svg(
    {
      grid: { ...grid, left: 90 },
      legend: { top: 0, itemGap: 40 },
      xAxis: { type: 'category', data: searched },
      yAxis: { type: 'value', name: '₹' },
      series: [
        lineOf('in sample: the best trial', sum(inSample), colours.price),
        lineOf('out of sample: each fold’s choice', sum(outOfSample), colours.equity),
      ],
    },
    900,
    300,
  );
}

/** From poor to good. */
const shades = [colours.stop, '#f1f5f9', colours.target];

function scaleOf(scores: readonly number[]): object {
  const [least, most] = [Math.min(...scores), Math.max(...scores)];
  return {
    ...{ type: 'continuous', min: least, max: most > least ? most : least + 1 },
    text: [most, least].map((score) => score.toFixed(3)),
    ...{
      inRange: { color: shades },
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      precision: 3,
    },
  };
}

const played = ({ trials }: StudyDocument): readonly (TrialRow & { readonly score: number })[] =>
  trials.flatMap((trial) => (trial.score === null ? [] : [{ ...trial, score: trial.score }]));

/** The values that were tried, in order; a range without steps in ten classes. */
function classesOf(
  parameter: Parameter,
  values: readonly (Value | undefined)[],
): readonly string[] {
  const different = [...new Set(values)];
  if (parameter.kind === 'choice') return different.map(valueText);
  return different
    .map(Number)
    .sort((a, b) => a - b)
    .map(valueText);
}

const classesMax = 12;

/** Which class of its parameter a value lies in. */
function placer(
  parameter: Parameter,
  values: readonly (Value | undefined)[],
): {
  readonly names: readonly string[];
  readonly place: (value: Value | undefined) => number;
} {
  const names = classesOf(parameter, values);
  if (parameter.kind === 'choice' || names.length <= classesMax)
    return { names, place: (value) => names.indexOf(valueText(value)) };
  const { least, most } = parameter;
  const width = (most - least) / classesMax;
  return {
    names: Array.from({ length: classesMax }, (_, index) =>
      valueText(least + (index + 0.5) * width),
    ),
    place: (value) => Math.min(classesMax - 1, Math.floor((Number(value) - least) / width)),
  };
}

/** Mean score of the trials in each cell of two parameters. */
function heatMap(document: StudyDocument, [across, up]: readonly [Parameter, Parameter]): Markup {
  const trials = played(document);
  const x = placer(
    across,
    trials.map(({ point }) => point[across.key]),
  );
  const y = placer(
    up,
    trials.map(({ point }) => point[up.key]),
  );
  const cells = new Map<string, number[]>();
  for (const { point, score } of trials) {
    const cell = `${x.place(point[across.key])},${y.place(point[up.key])}`;
    cells.set(cell, [...(cells.get(cell) ?? []), score]);
  }
  const values = [...cells].map(([cell, scores]) => [
    ...cell.split(',').map(Number),
    scores.reduce((total, score) => total + score, 0) / scores.length,
  ]);
  return svg(
    {
      grid: { left: 120, right: 30, top: 30, bottom: 90 },
      xAxis: {
        type: 'category',
        data: x.names,
        name: across.key,
        nameLocation: 'middle',
        nameGap: 28,
      },
      yAxis: { type: 'category', data: y.names, name: up.key },
      visualMap: scaleOf(values.map((value) => value[2] ?? 0)),
      series: [{ type: 'heatmap', data: values }],
    },
    900,
    420,
  );
}

/** One line a trial through all its parameters, coloured by its score. */
function parallel(document: StudyDocument): Markup {
  const trials = played(document);
  const { space } = document.header;
  const scores = trials.map(({ score }) => score);
  return svg(
    {
      parallel: { left: 110, right: 80, top: 60, bottom: 70 },
      parallelAxis: [
        ...space.map((parameter, dim) =>
          parameter.kind === 'choice'
            ? { dim, name: parameter.key, type: 'category', data: parameter.choices.map(valueText) }
            : { dim, name: parameter.key, min: parameter.least, max: parameter.most },
        ),
        { dim: space.length, name: document.header.terms.objective, scale: true },
      ],
      visualMap: { ...scaleOf(scores), dimension: space.length },
      series: [
        {
          type: 'parallel',
          lineStyle: { width: 1.5, opacity: 0.6 },
          data: trials.map(({ point, score }) => [
            ...space.map((parameter) =>
              parameter.kind === 'choice' ? valueText(point[parameter.key]) : point[parameter.key],
            ),
            score,
          ]),
        },
      ],
    },
    900,
    420,
  );
}

/** The score of every trial by one parameter. */
export function scatter(document: StudyDocument, parameter: Parameter): Markup {
  const { key, kind } = parameter;
  const points = played(document).map(({ point, score }) => [
    kind === 'choice' ? valueText(point[key]) : point[key],
    score,
  ]);
  const axis = kind === 'choice' ? { type: 'category' } : { type: 'value', scale: true };
  return svg(
    {
      grid: { ...grid, left: 90, bottom: 50 },
      xAxis: { ...axis, name: key, nameLocation: 'middle', nameGap: 28 },
      yAxis: { type: 'value', name: document.header.terms.objective, scale: true },
      series: [
        { type: 'scatter', symbolSize: 6, data: points, itemStyle: { color: colours.equity } },
      ],
    },
    900,
    240,
  );
}

const isPair = (space: Space): space is readonly [Parameter, Parameter] => space.length === 2;

/** All of the space at once: two parameters as a heat map, more as parallel lines; one has only its own picture. */
export function parameterMap(document: StudyDocument): Markup | null {
  const { space } = document.header;
  if (isPair(space)) return heatMap(document, space);
  return space.length > 2 ? parallel(document) : null;
}
