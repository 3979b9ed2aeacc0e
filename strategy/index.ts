// What a strategy's file imports as `ratchet/strategy`: its declaration, its parameters, what it is shown and what it
// answers. Prices are paise, as floats (100 paise are a rupee), instants epoch milliseconds.
export { defineStrategy } from '../domain/strategy/definition';
export type {
  MarketKind,
  MarketWeights,
  OwnIndicator,
  StrategyDefinition,
} from '../domain/strategy/definition';
export { choice, flag, integer, number } from '../domain/strategy/declared';
export type { Parameter, Parameters, ValuesOf } from '../domain/strategy/declared';
export { mirrored } from '../domain/strategy/mirrored';
export type { SideFinding, SideRule, SideView } from '../domain/strategy/mirrored';
export type { SideWords } from '../domain/strategy/sides';
export type { DayLevels, OwnValues, SeriesView, StrategyView } from '../domain/strategy/view';
export type { StrategyAnswer } from '../domain/strategy/vote';
export type { SentimentView as NewsView } from '../domain/sentiment/view';
export type {
  Divergence,
  DivergenceKind,
  IndicatorSnapshot as Bar,
  RsiZone,
  Turn,
} from '../domain/indicators/snapshot';

/** Paise of so many rupees: `rupees(2.5)` is 250. */
export const rupees = (amount: number): number => amount * 100;
