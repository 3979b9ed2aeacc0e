// A study as lines: its best trials, each fold's choice, the numbers, and the sentence.
import type { FoldRow, StudyDocument, TrialRow } from '../../backtest/research/studyDocument';
import type { Point } from '../../domain/research/space';
import { roundedRupees as rupeesOf } from '../../domain/research/words';
import { columns } from './output';

const figure = (value: number | null, digits = 3): string =>
  value === null ? '–' : value.toFixed(digits).replace('-', '−');
export const valueText = (value: Point[string] | undefined): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(6))).replace('-', '−')
    : String(value);
const share = (value: number): string => `${(100 * value).toFixed(0)} %`;

/** How many trials are listed. */
const listed = 10;

export const bestFirst = (trials: readonly TrialRow[]): readonly TrialRow[] =>
  trials
    .filter(({ refused }) => refused === null)
    .toSorted((one, other) => (other.score ?? 0) - (one.score ?? 0));

export const trialHead = ({ header }: StudyDocument): readonly string[] => [
  'trial',
  ...header.space.map(({ key }) => key),
  header.terms.objective,
  'after charges',
  'trades',
];

export const trialCells = (
  { header }: StudyDocument,
  { trial, point, score, netPnl, trades }: TrialRow,
): readonly string[] => [
  String(trial),
  ...header.space.map(({ key }) => valueText(point[key])),
  figure(score),
  rupeesOf(netPnl),
  String(trades),
];

export const foldHead = ['chosen on', 'judged on', 'trial', 'score there', 'score here'];

export const foldCells = (fold: FoldRow): readonly string[] => [
  fold.trainDates.join(' to '),
  fold.testDates.join(' to '),
  String(fold.trial),
  figure(fold.trainScore),
  figure(fold.testScore),
];

type Row = readonly [string, string];

const days = ({ evidence: { outOfSample, days: count } }: Figures): Row => [
  'out of sample, a day after charges',
  outOfSample === null
    ? '–'
    : `${rupeesOf(outOfSample.mean)} (95 %: ${rupeesOf(outOfSample.low)} to ${rupeesOf(outOfSample.high)}), ${count} days`,
];

type Figures = StudyDocument['figures'];

const best = ({ sharpe, inSampleAnnual }: Figures): Row => [
  'Sharpe ratio of the best, in sample',
  sharpe === null
    ? '–'
    : `${figure(sharpe.ratio)} a day ± ${figure(sharpe.standardError)}, ${figure(inSampleAnnual, 1)} a year`,
];

const overfit = ({ overfitting }: Figures): Row => [
  'probability of overfitting',
  overfitting === null
    ? 'cannot be computed'
    : `${figure(overfitting.probability)} (${overfitting.blocks} blocks, ${overfitting.halves} halves)`,
];

const fall = ({ order }: Figures): Row => [
  'deepest fall out of sample, and in other orders',
  order === null
    ? '–'
    : `${rupeesOf(order.observed)}; ${rupeesOf(order.drawn.low)} to ${rupeesOf(order.drawn.high)}, as deep in ${share(order.asDeep)}`,
];

const tested = (name: string, tests: Figures['againstZero']): Row => [
  `${name}: reality check, SPA`,
  tests === null ? '–' : `${figure(tests.realityCheck)}, ${figure(tests.consistent)}`,
];

/** Every number with its name, in the order docs/research.md explains them. */
export function figureRows({ figures, trials }: StudyDocument): readonly Row[] {
  const { evidence, luck, againstZero, againstTwins } = figures;
  const refused = trials.filter((trial) => trial.refused !== null).length;
  return [
    ['trials', `${luck.count}${refused === 0 ? '' : `, and ${refused} refused`}`],
    days(figures),
    best(figures),
    ['days needed to tell it from 0', String(figures.daysNeeded ?? '–')],
    ['deflated Sharpe ratio', figure(evidence.deflated)],
    overfit(figures),
    tested('against doing nothing', againstZero),
    tested('against random entries', againstTwins),
    ['random runs below it', evidence.twinsBelow === null ? '–' : share(evidence.twinsBelow)],
    fall(figures),
  ];
}

export const openingLines = ({ openings }: StudyDocument): readonly string[] =>
  openings.map(({ at, sentence }) => `${at}: ${sentence}`);

export function studyLines(document: StudyDocument): readonly string[] {
  const { trials, folds, claim } = document;
  return [
    claim.sentence,
    '',
    ...columns([
      trialHead(document),
      ...bestFirst(trials)
        .slice(0, listed)
        .map((trial) => trialCells(document, trial)),
    ]),
    '',
    ...columns([foldHead, ...folds.map(foldCells)]),
    '',
    ...columns(figureRows(document)),
    ...openingLines(document),
  ];
}
