export { analyseBars, analyseStock, closedBars, recentBars, requireClosed } from './analyse';
export type { StockAnalysis, StockInput } from './analyse';
export { bracketOf } from './bracket';
export { decisionConfigSchema, defaultDecisionConfig } from './config';
export type { AgentWeights, DecisionConfig } from './config';
export {
  beyondThreshold,
  combinedScore,
  decide,
  decideNumbers,
  scoreDecision,
  skipCause,
} from './decide';
export { decidedBy, entryWanted, ownVotesFor } from './ownStrategies';
export type { DecisionInput, DecisionNumbers } from './decide';
export type { Decision, DecisionAction } from './decision';
export { feedGapCode, requireWholeBars } from './feedGap';
export { signalFeatureNames, signalFeatureRanges, signalFeatures } from './features';
export { rankCandidates } from './rank';
export { alertSentence } from './reason';
export type { Regime } from './regime';
export { regimeOf } from './regime';
export {
  signedConfidence,
  technicalScore,
  totalWeight,
  weightsOf,
  type Weighing,
} from './technicalScore';
export { measuredWorth } from './worth';
export { judgedRow, unjudgedRow } from './whyRecord';
export type { ModelAnswer, NotJudged, Judgement, WhyRow } from './whyRecord';
