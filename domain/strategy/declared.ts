// A strategy's parameters: each with its default, its range and what it means, so that files, pages and searches
// know what may be turned. What a strategy's file is bundled with stands here, without the check of values.

interface Meaning {
  /** What it does, in one sentence. */
  readonly meaning: string;
}

export interface NumberParameter extends Meaning {
  readonly kind: 'number' | 'integer';
  readonly default: number;
  readonly least: number;
  readonly most: number;
  /** Distance of the values a search tries. */
  readonly step?: number;
}

/** A number that may be left out. */
export interface OptionalNumberParameter extends Omit<NumberParameter, 'kind' | 'default'> {
  readonly kind: 'optional';
  readonly default: number | null;
}

export interface ChoiceParameter<Choice extends string = string> extends Meaning {
  readonly kind: 'choice';
  readonly default: Choice;
  readonly of: readonly Choice[];
}

export interface FlagParameter extends Meaning {
  readonly kind: 'flag';
  readonly default: boolean;
}

export type Parameter = NumberParameter | OptionalNumberParameter | ChoiceParameter | FlagParameter;
export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<One extends Parameter> =
  One extends ChoiceParameter<infer Choice>
    ? Choice
    : One extends FlagParameter
      ? boolean
      : One extends OptionalNumberParameter
        ? number | null
        : number;

/** The values a strategy is given, by the names of its parameters. */
export type ValuesOf<Declared extends Parameters> = {
  readonly [Name in keyof Declared]: ValueOf<Declared[Name]>;
};

/** Values as configuration and records hold them. */
export type ParameterValues = Readonly<Record<string, number | string | boolean | null>>;

type Written<One> = Omit<One, 'kind'>;

export const number = (written: Written<NumberParameter>): NumberParameter => ({
  kind: 'number',
  ...written,
});

export const integer = (written: Written<NumberParameter>): NumberParameter => ({
  kind: 'integer',
  ...written,
});

export const choice = <const Choice extends string>(
  written: Written<ChoiceParameter<Choice>>,
): ChoiceParameter<Choice> => ({ kind: 'choice', ...written });

export const flag = (written: Written<FlagParameter>): FlagParameter => ({
  kind: 'flag',
  ...written,
});
