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
  type Parameter,
  type Parameters,
  type ParameterValues,
  type ValuesOf,
} from './declared';
export { mirrored, type SideFinding, type SideRule, type SideView } from './mirrored';
export { parametersSchema } from './parameters';
export { sideWords, strongerSide, type SideWords } from './sides';
export type { DayLevels, MarketView, SeriesView, StrategyView } from './view';
export type { StrategyAnswer, StrategyVote } from './vote';
export {
  brokenIn,
  noVoters,
  sameStrategies,
  type BrokenStrategy,
  type OwnVotes,
  type StrategyInUse,
  type Voters,
} from './voters';
