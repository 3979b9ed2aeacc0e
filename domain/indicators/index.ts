export { candleWindowMs, createIndicatorEngine, warmUpSessions } from './engine';
export type { IndicatorEngine, IndicatorOptions } from './engine';
export { barColumns, priceBars, type BarColumns, type PriceBars } from './barColumns';
export { ColumnBar } from './columnBar';
export { barStart } from './barAggregator';
export { checkCandle } from './candleCheck';
export { indicatorColumns, indicatorCsv } from './csv';
export { MirroredBar, mirroredPast, mirrorSnapshot, plainSnapshot } from './mirror';
export { newest, pastOf, type PastBars } from './pastBars';
export type {
  Divergence,
  DivergenceKind,
  IndicatorSnapshot,
  RsiZone,
  Turn,
  VwapValues,
} from './snapshot';
