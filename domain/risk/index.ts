// Limits and the one check that turns a proposal into something that may be sent.
export {
  approve,
  type Exposure,
  type RiskApproved,
  type RiskBook,
  type SizedTrade,
  type TradeProposal,
} from './approve';
export { defaultRiskLimits, validateLimits, type RiskLimits } from './limits';
