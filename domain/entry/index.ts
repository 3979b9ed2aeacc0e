// What lies between a decision and an open position: candidates, the question to risk, terms, and the
// positions the day counts.
export { candidatesOf, type Candidate, type JudgedStock } from './candidates';
export {
  approvedVerdict,
  askedRiskView,
  bookAsked,
  refusedVerdict,
  requireInTime,
  type AskedRiskView,
  type RiskAnswer,
  type RiskQuestion,
  type RiskVerdict,
} from './riskAnswer';
export {
  capitalOf,
  emptyScore,
  exposuresIn,
  openedBy,
  withOpened,
  withReport,
  type DayPositions,
  type OpenedPosition,
  type PositionOutcome,
} from './dayPositions';
export {
  approvedIntent,
  approvedTerms,
  positionTerms,
  proposeEntry,
  type EntryDay,
  type ProposedEntry,
  type TradingTerms,
} from './terms';
