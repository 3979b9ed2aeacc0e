// The limits, and the one check that turns a proposal into something that may be sent.
export { approve } from './approve';
export { checkDay } from './dayChecks';
export type {
  Exposure,
  RiskApproved,
  RiskView,
  SizeBound,
  SizedTrade,
  TradeProposal,
} from './question';
export { riskLimitsSchema, validateLimits, type RiskLimits } from './limits';
export { checkMargin, quotedMargin, type BrokerMargin, type MarginQuote } from './margin';
export { settlementEstimate, type SettlementEstimate } from './settlement';
export { shortAvailability, type ShortAvailability } from './shortAvailability';
export { beyondCollar, type CollarRefusal } from './collar';
export {
  cappedCapital,
  noCaps,
  whyCapped,
  type CapRefusal,
  type CappedEntry,
  type DayCaps,
  type DayRecordSoFar,
} from './caps';
