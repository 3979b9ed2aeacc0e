// What a search may vary: keys of the configuration with their ranges, from whatever source.
import { Refused } from '../errors';

export type Value = string | number | boolean;

interface Ranged {
  readonly key: string;
  /** `whole` takes whole numbers only. */
  readonly kind: 'number' | 'whole';
  readonly least: number;
  readonly most: number;
  /** null: every value between counts. */
  readonly step: number | null;
}

interface Chosen {
  readonly key: string;
  readonly kind: 'choice';
  readonly choices: readonly Value[];
}

export type Parameter = Ranged | Chosen;
export type Space = readonly Parameter[];

/** A value for every key. */
export type Point = Readonly<Record<string, Value>>;

function refuse(message: string): never {
  throw new Refused({ code: 'RESEARCH_SPACE', message });
}

/** Without the last digits that adding steps leaves behind. */
const tidy = (value: number): number => Number(value.toPrecision(12));

const stepOf = ({ kind, step }: Ranged): number | null => step ?? (kind === 'whole' ? 1 : null);

/** How many values it may take; null: as many as there are numbers. */
export function levelsOf(parameter: Parameter): number | null {
  if (parameter.kind === 'choice') return parameter.choices.length;
  const step = stepOf(parameter);
  return step === null ? null : Math.floor(tidy((parameter.most - parameter.least) / step)) + 1;
}

/** @throws Refused RESEARCH_SPACE */
export function checkParameter(parameter: Parameter): Parameter {
  if (parameter.kind === 'choice') {
    if (parameter.choices.length < 2)
      refuse(`${parameter.key} must have two choices or more, has ${parameter.choices.length}`);
    return parameter;
  }
  const { key, kind, least, most, step } = parameter;
  if (![least, most, step ?? 1].every(Number.isFinite) || least >= most)
    refuse(`${key} must range from a number to a larger one, was ${least}..${most}`);
  if (step !== null && (step <= 0 || step > most - least))
    refuse(`${key} must have a step above 0 and within ${least}..${most}, was ${step}`);
  if (kind === 'whole' && ![least, most, step ?? 1].every(Number.isInteger))
    refuse(`${key} takes whole numbers, was ${least}..${most}${step === null ? '' : `:${step}`}`);
  return parameter;
}

/** @throws Refused RESEARCH_SPACE of no parameter, of a key that is there twice, or of a range that is none. */
export function checkSpace(space: Space): Space {
  if (space.length === 0) refuse('nothing is varied: give --vary KEY=LEAST..MOST or --space FILE');
  const twice = space.find(({ key }, index) => space.findIndex((one) => one.key === key) < index);
  if (twice !== undefined) refuse(`${twice.key} is varied twice`);
  return space.map(checkParameter);
}

const read = (text: string): Value => {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
};

/** `KEY=LEAST..MOST`, `KEY=LEAST..MOST:STEP` or `KEY=a|b|c`. @throws Refused RESEARCH_SPACE */
export function parseParameter(text: string): Parameter {
  const [, key = '', values = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const range = /^(-?[\d.]+(?:e-?\d+)?)\.\.(-?[\d.]+(?:e-?\d+)?)(?::([\d.]+))?$/i.exec(values);
  if (key === '') refuse(`--vary must be KEY=LEAST..MOST[:STEP] or KEY=a|b|c, was "${text}"`);
  if (range !== null) {
    const [, least, most, step] = range;
    return checkParameter({
      ...{ key, kind: 'number', least: Number(least), most: Number(most) },
      step: step === undefined ? null : Number(step),
    });
  }
  if (!values.includes('|'))
    refuse(`--vary ${key} must be LEAST..MOST[:STEP] or a|b|c, was "${values}"`);
  return checkParameter({ key, kind: 'choice', choices: values.split('|').map(read) });
}

/** The value at a place of its range. @param unit in [0, 1). */
export function valueAt(parameter: Parameter, unit: number): Value {
  const levels = levelsOf(parameter);
  if (parameter.kind === 'choice')
    return parameter.choices[Math.floor(unit * parameter.choices.length)] ?? '';
  const { least, most } = parameter;
  if (levels === null) return least + unit * (most - least);
  const step = stepOf(parameter) ?? 0;
  return tidy(least + Math.min(levels - 1, Math.floor(unit * levels)) * step);
}

/** The place of a value in its range, in [0, 1]: the middle of its level where there are levels. */
export function placeOf(parameter: Parameter, value: Value | undefined): number {
  const levels = levelsOf(parameter);
  if (parameter.kind === 'choice')
    return (parameter.choices.findIndex((one) => one === value) + 0.5) / parameter.choices.length;
  const { least, most } = parameter;
  if (levels === null) return (Number(value) - least) / (most - least);
  return (Math.round((Number(value) - least) / (stepOf(parameter) ?? 1)) + 0.5) / levels;
}

export const pointOf = (space: Space, value: (parameter: Parameter) => Value): Point =>
  Object.fromEntries(space.map((parameter) => [parameter.key, value(parameter)]));
