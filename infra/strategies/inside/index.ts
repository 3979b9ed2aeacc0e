// The inner half of a sandbox: loads a strategy's bundle, is told of bars and asks the strategy. Texts go in and out,
// nothing else. Bundled by `insideCode` and run in a context that has nothing of Node; it is the only code there that
// is ours.
import type { OwnIndicator } from '../../../domain/strategy/definition';
import type { StrategyView } from '../../../domain/strategy/view';
import type { Question, ToldAnswer, ToldFault, ToldValue, ToldView } from '../question';
import { denyOutside } from './denied';
import { KnownSeries, type Indicators } from './series';

// The strategy may change what is global; these are kept as they were.
const { parse, stringify } = JSON;

/** A reason is read by people; more than this of it is not kept. */
const textMax = 500;
const answerFields = ['action', 'confidence', 'reason', 'stop', 'target', 'entry'] as const;

type Vote = (view: StrategyView, values: unknown) => unknown;
type Begin = (values: unknown) => OwnIndicator;

interface Loaded {
  readonly vote: Vote;
  readonly indicators: Readonly<Record<string, Begin>>;
}

let loaded: Loaded | null = null;
let values: unknown = null;
let indicators: Indicators = {};
const known = new Map<string, KnownSeries>();

denyOutside();

const textOf = (value: unknown): string => String(value).slice(0, textMax);

function faultOf(error: unknown): ToldFault {
  try {
    if (!(error instanceof Error)) return { fault: `it threw ${describe(error)[1]}`, stack: '' };
    const { name, message, stack = '' } = error;
    const fault = name === 'Error' ? message : `${name}: ${message}`;
    return { fault: textOf(fault), stack: stack.slice(0, 8_000) };
  } catch {
    return { fault: 'it threw what cannot be read', stack: '' };
  }
}

function describe(value: unknown): ToldValue {
  switch (typeof value) {
    case 'number':
      return ['number', String(value)];
    case 'string':
      return ['text', value.slice(0, textMax)];
    case 'boolean':
      return ['flag', String(value)];
    case 'object':
      if (value === null) return ['null', ''];
      if (typeof (value as { then?: unknown }).then === 'function') return ['other', 'a promise'];
      return ['other', Array.isArray(value) ? 'a list' : 'an object'];
    default:
      return ['other', `a ${typeof value}`];
  }
}

function told(answer: unknown): ToldAnswer {
  if (answer === null || answer === undefined) return null;
  const value = describe(answer);
  if (value[1] !== 'an object') return { value };
  const fields = Object.fromEntries(
    answerFields.flatMap((name) => {
      const field = (answer as Readonly<Record<string, unknown>>)[name];
      return field === undefined ? [] : [[name, describe(field)]];
    }),
  );
  return { fields };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Runs the file's code. @returns its declaration as JSON, or why there is none. */
export function load(run: () => { readonly default?: unknown }): string {
  try {
    const { default: definition } = run();
    if (!isRecord(definition))
      return stringify({ fault: 'it has no `export default defineStrategy({ … })`', stack: '' });
    const { vote, indicators: own = {}, ...declared } = definition;
    if (typeof vote !== 'function')
      return stringify({ fault: 'vote must be a function', stack: '' });
    if (!isRecord(own) || Object.values(own).some((begin) => typeof begin !== 'function'))
      return stringify({ fault: 'indicators must be functions by name', stack: '' });
    loaded = { vote: vote as Vote, indicators: own as Readonly<Record<string, Begin>> };
    return stringify({ definition: { ...declared, indicators: Object.keys(own) } });
  } catch (error) {
    return stringify(faultOf(error));
  }
}

/** @param text the strategy's values as JSON. */
export function begin(text: string): void {
  values = Object.freeze(parse(text));
  indicators = Object.fromEntries(
    Object.entries(loaded?.indicators ?? {}).map(([name, beginOne]) => [
      name,
      () => {
        const indicator: unknown = beginOne(values);
        if (typeof indicator === 'function') return indicator as OwnIndicator;
        throw new Error(`indicator ${name} must be a function of values that gives one of a bar`);
      },
    ]),
  );
}

function seriesOf(name: string): KnownSeries {
  const series = known.get(name) ?? new KnownSeries(indicators);
  known.set(name, series);
  return series;
}

function viewOf(it: ToldView): StrategyView {
  const series = seriesOf(it.name);
  const { shown } = series;
  const [bar] = shown.bars.slice(-1);
  if (bar === undefined) throw new Error(`no bar of ${it.name} has closed`);
  return Object.freeze({
    ...shown,
    bar,
    index: it.index === null ? null : seriesOf(it.index).shown,
    universe: Object.freeze(it.universe.map((name) => seriesOf(name).shown)),
    news: Object.freeze({ ...it.news, evidence: Object.freeze(it.news.evidence) }),
    minutesSinceOpen: it.minutesSinceOpen,
    own: series.own(),
    get ownMirrored() {
      return series.mirrored();
    },
  });
}

/** @param text a Question as JSON. @returns a ToldAnswer for each view, as JSON. */
export function ask(text: string): string {
  const question = parse(text) as Question;
  for (const series of question.series) seriesOf(series.name).take(series);
  return stringify(
    question.views.map((view): ToldAnswer => {
      try {
        return told(loaded?.vote(viewOf(view), values));
      } catch (error) {
        return faultOf(error);
      }
    }),
  );
}
