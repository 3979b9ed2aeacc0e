export { brokenVote, voteOfAnswer, type Asked } from './answer';
export {
  defineStrategy,
  evenWeights,
  marketKinds,
  type MarketKind,
  type MarketWeights,
  type OwnIndicator,
  type StrategyDefinition,
} from './definition';
export { marketViews, type SeenStock } from './marketViews';
export {
  choice,
  flag,
  integer,
  number,
  parametersSchema,
  type Parameter,
  type Parameters,
  type ParameterValues,
  type ValuesOf,
} from './parameters';
export type { DayLevels, MarketView, SeriesView, StrategyView } from './view';
export type { StrategyAnswer, StrategyVote } from './vote';
export { noVoters, ownVotesOn, sameStrategies, type StrategyInUse, type Voters } from './voters';
