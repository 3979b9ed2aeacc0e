export { candleWindowMs, createIndicatorEngine, warmUpSessions } from './engine';
export type { IndicatorEngine, IndicatorOptions } from './engine';
export { barStart } from './barAggregator';
export { checkCandle } from './candleCheck';
export { indicatorColumns, indicatorCsv } from './csv';
export { mirrorSnapshot } from './mirror';
export type {
  Divergence,
  DivergenceKind,
  IndicatorSnapshot,
  RsiZone,
  Turn,
  VwapValues,
} from './snapshot';
