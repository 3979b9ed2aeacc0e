// Goal: a space is read from its text or refused in one sentence, every method stays inside it, and TPE finds what lots
// find, sooner.
import fc from 'fast-check';
import { gridPoint, gridSize, randomPoint } from '../../../domain/research/sampling';
import {
  checkSpace,
  parseParameter,
  placeOf,
  valueAt,
  type Parameter,
  type Point,
} from '../../../domain/research/space';
import { tpePoint, type Scored } from '../../../domain/research/tpe';
import { drawsFrom } from './worked';

test.each<[string, Parameter]>([
  ['a.b=0.3..0.6:0.05', { key: 'a.b', kind: 'number', least: 0.3, most: 0.6, step: 0.05 }],
  ['a=-1..0', { key: 'a', kind: 'number', least: -1, most: 0, step: null }],
  ['a=1e-3..1', { key: 'a', kind: 'number', least: 0.001, most: 1, step: null }],
  ['a=x|y|z', { key: 'a', kind: 'choice', choices: ['x', 'y', 'z'] }],
  ['a=true|false', { key: 'a', kind: 'choice', choices: [true, false] }],
  ['a=3|5', { key: 'a', kind: 'choice', choices: [3, 5] }],
])('%s is read', (text, parameter) => {
  expect(parseParameter(text)).toEqual(parameter);
});

test.each([
  ['nothing', '--vary must be KEY=LEAST..MOST[:STEP] or KEY=a|b|c, was "nothing"'],
  ['a=5', '--vary a must be LEAST..MOST[:STEP] or a|b|c, was "5"'],
  ['a=2..1', 'a must range from a number to a larger one, was 2..1'],
  ['a=0..1:2', 'a must have a step above 0 and within 0..1, was 2'],
  ['a=1.2.3..4', 'a must range from a number to a larger one, was NaN..4'],
])('%s is refused', (text, sentence) => {
  expect(() => parseParameter(text)).toThrow(sentence);
});

test('a space without a key, with one twice, or with parts of whole numbers is refused', () => {
  const whole: Parameter = { key: 'a', kind: 'whole', least: 1, most: 9, step: null };
  expect(() => checkSpace([])).toThrow('nothing is varied');
  expect(() => checkSpace([whole, whole])).toThrow('a is varied twice');
  expect(() => checkSpace([{ ...whole, step: 0.5 }])).toThrow(
    'a takes whole numbers, was 1..9:0.5',
  );
  expect(() => checkSpace([{ key: 'b', kind: 'choice', choices: [1] }])).toThrow('two choices');
});

const space = checkSpace([
  parseParameter('step=0.3..0.6:0.05'),
  parseParameter('free=-2..3'),
  { key: 'whole', kind: 'whole', least: 2, most: 5, step: null },
  parseParameter('word=a|b|c'),
]);

const allowed = ({ step, free, whole, word }: Point): boolean =>
  [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6].includes(Number(step)) &&
  Number(free) >= -2 &&
  Number(free) <= 3 &&
  [2, 3, 4, 5].includes(Number(whole)) &&
  ['a', 'b', 'c'].includes(String(word));

test('every point of every method lies in the space, and a place gives its value back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
      const unit = drawsFrom(seed);
      const trials: Scored[] = [];
      for (let trial = 0; trial < 15; trial += 1) {
        const point = tpePoint(space, trials, unit);
        expect(allowed(point)).toBe(true);
        trials.push({ point, score: unit() });
      }
      for (const parameter of space) {
        const value = valueAt(parameter, unit());
        const again = valueAt(parameter, placeOf(parameter, value));
        if (typeof value === 'number') expect(again).toBeCloseTo(value, 9);
        else expect(again).toBe(value);
      }
      expect(allowed(randomPoint(space, unit))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a grid holds every combination once', () => {
  const size = gridSize(space);
  const points = Array.from({ length: size }, (_, index) => gridPoint(space, index));
  expect(size).toBe(7 * 5 * 4 * 3);
  expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(size);
  expect(points.every(allowed)).toBe(true);
  expect(points[0]).toEqual({ step: 0.3, free: -2, whole: 2, word: 'a' });
  expect(points[1]).toEqual({ step: 0.3, free: -2, whole: 2, word: 'b' });
});

const hill = ({ x, y, word }: Point): number =>
  0 - (Number(x) - 0.7) ** 2 - (Number(y) + 1.1) ** 2 + (word === 'b' ? 0.5 : 0);

test('TPE comes nearer than lots to the top of a hill, on average over seeds', () => {
  const hilly = ['x=0..1', 'y=-2..2', 'word=a|b|c|d'].map(parseParameter);
  const bestBy = (guided: boolean, seed: number): number => {
    const unit = drawsFrom(seed);
    const trials: Scored[] = [];
    for (let trial = 0; trial < 50; trial += 1) {
      const point = guided ? tpePoint(hilly, trials, unit) : randomPoint(hilly, unit);
      trials.push({ point, score: hill(point) });
    }
    return Math.max(...trials.map(({ score }) => score));
  };
  const seeds = Array.from({ length: 30 }, (_, seed) => 17 * seed + 1);
  const meanBest = (guided: boolean): number =>
    seeds.reduce((sum, seed) => sum + bestBy(guided, seed), 0) / seeds.length;
  const [tpe, lots] = [meanBest(true), meanBest(false)];
  expect(0.5 - tpe).toBeLessThan((0.5 - lots) / 2);
});

test('one seed is one sequence of points', () => {
  const run = (): Point[] => {
    const unit = drawsFrom(5);
    const trials: Scored[] = [];
    for (let trial = 0; trial < 20; trial += 1) {
      const point = tpePoint(space, trials, unit);
      trials.push({ point, score: Number(point['free']) });
    }
    return trials.map(({ point }) => point);
  };
  expect(run()).toEqual(run());
});
