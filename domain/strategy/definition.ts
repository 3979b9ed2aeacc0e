// A strategy: what it looks for, its parameters, and its vote. The shipped ones and those of users are the same.
import type { IndicatorSnapshot } from '../indicators/snapshot';
import type { Parameters, ValuesOf } from './declared';
import type { StrategyView } from './view';
import type { StrategyAnswer } from './vote';

/** The kinds of market in which votes are weighed differently. */
export const marketKinds = ['trending', 'ranging', 'volatile'] as const;
export type MarketKind = (typeof marketKinds)[number];

/** How much a vote counts in each kind of market. */
export type MarketWeights = Readonly<Record<MarketKind, number>>;

/** One indicator of one stock: given each closed bar once, in order; null while it warms up. */
export type OwnIndicator = (bar: IndicatorSnapshot) => number | null;

export interface StrategyDefinition<Declared extends Parameters = Parameters> {
  /** What it looks for, in one sentence. */
  readonly sentence: string;
  /** Where the idea is from: a paper, a book, a page. */
  readonly source?: string;
  readonly parameters: Declared;
  /** How much its vote counts unless configured; left out, 1 in every kind of market. */
  readonly weights?: MarketWeights;
  /** Indicators of its own; each is begun anew for every stock. */
  readonly indicators?: Readonly<Record<string, (values: ValuesOf<Declared>) => OwnIndicator>>;
  /** Pure: the same view and values give the same answer. */
  readonly vote: (view: StrategyView, values: ValuesOf<Declared>) => StrategyAnswer | null;
}

export const evenWeights: MarketWeights = { trending: 1, ranging: 1, volatile: 1 };

/** Lets TypeScript know the values by their declaration. */
export const defineStrategy = <const Declared extends Parameters>(
  definition: StrategyDefinition<Declared>,
): StrategyDefinition<Declared> => definition;
