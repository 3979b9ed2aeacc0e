// From a candidate to a position: what risk is asked, and the intent and terms its approval leads to. The
// same arithmetic wherever a day is traded; only who carries it out differs.
import type { Direction, EpochMs, Product } from '../units';
import {
  intentIdOf,
  isCarried,
  type Intent,
  type PositionTerms,
  type PositionTiming,
} from '../position';
import type { RiskApproved, RiskLimits, SizedTrade, TradeProposal } from '../risk';
import type { ScreenedStock } from '../market/screen';
import { groupPlan, marketTime, type SessionPlan } from '../session/sessionPlan';
import { standardPolicy, type StandardTrailing } from '../trailing';
import type { Candidate } from './candidates';

/** What a day is run by, frozen when it starts. */
export interface TradingTerms {
  readonly risk: RiskLimits;
  readonly trailing: StandardTrailing;
  readonly timing: PositionTiming;
  readonly barMinutes: number;
  /** What longs are bought as: MIS ends with the session, CNC is paid in full and may be held over the night. */
  readonly longProduct: Product;
}

/** The product of an entry: shares that are not held can only be sold intraday. */
const productOf = (
  direction: Direction,
  { longProduct }: Pick<TradingTerms, 'longProduct'>,
): Product => (direction === 'LONG' ? longProduct : 'MIS');

/** What an entry needs to know of its day. */
export interface EntryDay extends Pick<TradingTerms, 'trailing' | 'timing' | 'longProduct'> {
  readonly account: string;
  readonly date: string;
  readonly plan: SessionPlan;
}

/** A candidate on its way to risk, with the stock it is about. */
export interface ProposedEntry {
  readonly stock: ScreenedStock;
  readonly candidate: Candidate;
  readonly barEnd: EpochMs;
  readonly proposal: TradeProposal;
}

/** The question to risk; null of a SKIP, which asks nothing. @param barEnd market clock. */
export function proposeEntry(
  day: Pick<EntryDay, 'date' | 'plan' | 'longProduct'>,
  stock: ScreenedStock,
  candidate: Candidate,
  barEnd: EpochMs,
): ProposedEntry | null {
  const { decision, ltp, decisionPrice } = candidate;
  const { stopDistance, targetDistance, sizeFactor, action: direction } = decision;
  if (direction === 'SKIP') return null;
  const { date, plan } = day;
  const { band, ...instrument } = stock;
  const group = groupPlan(plan, stock.hasDerivatives);
  const intentId = intentIdOf(date, stock.instrumentToken, barEnd);
  const proposal: TradeProposal = {
    intentId,
    instrument,
    direction,
    product: productOf(direction, day),
    band,
    ltp,
    decisionPrice,
    stopDistance,
    targetDistance,
    sizeFactor,
    entryUntil: marketTime(plan.clock, group.entryUntil),
  };
  return { stock, candidate, barEnd, proposal };
}

/** What the approved trade is opened with. */
export function approvedTerms(
  day: EntryDay,
  { candidate, proposal }: ProposedEntry,
  sized: RiskApproved<SizedTrade>,
): RiskApproved<PositionTerms> {
  const { intentId, instrument, direction, product, band } = proposal;
  const { stopDistance, targetDistance } = proposal;
  const intent: Intent = {
    intentId,
    account: day.account,
    date: day.date,
    instrument,
    direction,
    product,
    quantity: sized.quantity,
    entryLimit: sized.entryLimit,
    stopDistance,
    targetDistance,
    atrAtEntry: candidate.atr,
    band,
    policy: standardPolicy(day.trailing, stopDistance, instrument.tickSize),
    reason: candidate.reason,
  };
  // Made from the approved size and price.
  return positionTerms(day, intent) as RiskApproved<PositionTerms>;
}

/** The terms of an intent in this session. */
export function positionTerms(
  { plan, timing }: Pick<EntryDay, 'plan' | 'timing'>,
  intent: Intent,
): PositionTerms {
  const { date } = plan;
  if (isCarried(intent)) return { intent, timing, date, squareOffAt: null, cutOffAt: plan.close };
  const group = groupPlan(plan, intent.instrument.hasDerivatives);
  return { intent, timing, date, squareOffAt: group.squareOff, cutOffAt: group.exchangeCutOff };
}
