// From a candidate to a position: the question to risk, and the intent and terms that an approval leads to.
// Live and backtest share this arithmetic.
import type { Direction, EpochMs, Product } from '../units';
import {
  intentIdOf,
  isCarried,
  type Intent,
  type PositionTerms,
  type PositionTiming,
} from '../position';
import type { DayCaps, RiskApproved, RiskLimits, SizedTrade, TradeProposal } from '../risk';
import type { ScreenedStock } from '../market/screen';
import { groupPlan, marketTime, pausesOf, type SessionPlan } from '../session/sessionPlan';
import { standardPolicy, type StandardTrailing } from '../trailing';
import type { Candidate } from './candidates';

/** What a day is run by; frozen when it starts. */
export interface TradingTerms {
  readonly risk: RiskLimits;
  readonly trailing: StandardTrailing;
  readonly timing: PositionTiming;
  readonly barMinutes: number;
  /**
   * What longs are bought as: MIS ends with the session; CNC is paid in full and may be held over the night.
   */
  readonly longProduct: Product;
  /** Absent of days started before there were any. */
  readonly caps?: DayCaps;
  /** Do Temporal's lists hold phase, stop, target and profit in plain text? Days started before there was a choice do. */
  readonly shownInTemporal?: boolean;
}

/** The product of an entry. Shares that are not held can only be sold intraday. */
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

/** What every position of a session has in common. */
export interface SessionTerms extends Pick<EntryDay, 'plan' | 'timing'> {
  /** How often the broker lets one order be modified; null: without limit. */
  readonly modificationsMax: number | null;
}

/** A candidate on its way to risk, with the stock it is about. */
export interface ProposedEntry {
  readonly stock: ScreenedStock;
  readonly candidate: Candidate;
  readonly barEnd: EpochMs;
  readonly proposal: TradeProposal;
}

/** The question to risk; null for a SKIP, which asks nothing. @param barEnd market clock. */
export function proposeEntry(
  day: Pick<EntryDay, 'date' | 'plan' | 'longProduct'>,
  stock: ScreenedStock,
  candidate: Candidate,
  barEnd: EpochMs,
): ProposedEntry | null {
  const { decision, ltp, decisionPrice } = candidate;
  const { stopDistance, targetDistance, sizeFactor, action: direction, entry } = decision;
  if (direction === 'SKIP') return null;
  const { date, plan } = day;
  const { band, ...instrument } = stock;
  const group = groupPlan(plan, stock.hasDerivatives);
  const intentId = intentIdOf(date, stock.instrumentToken, barEnd, plan.installation);
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
    ...(entry !== undefined && { entryWanted: entry }),
    sizeFactor,
    entryUntil: marketTime(plan.clock, group.entryUntil),
  };
  return { stock, candidate, barEnd, proposal };
}

/** The terms an approved trade is opened with. */
export function approvedTerms(
  day: EntryDay & SessionTerms,
  entry: ProposedEntry,
  sized: RiskApproved<SizedTrade>,
): RiskApproved<PositionTerms> {
  // Made from the approved size and price.
  return positionTerms(day, approvedIntent(day, entry, sized)) as RiskApproved<PositionTerms>;
}

/** What is intended from now on, of the size and at the price that risk has approved. */
export function approvedIntent(
  day: EntryDay,
  { candidate, proposal }: ProposedEntry,
  sized: RiskApproved<SizedTrade>,
): Intent {
  const { intentId, instrument, direction, product, band } = proposal;
  const { stopDistance, targetDistance } = proposal;
  return {
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
}

/** The terms of an intent in this session. */
export function positionTerms(
  { plan, timing, modificationsMax }: SessionTerms,
  intent: Intent,
): PositionTerms {
  const { date } = plan;
  const session = { intent, timing, modificationsMax, date, pauses: pausesOf(plan) };
  if (isCarried(intent)) return { ...session, squareOffAt: null, cutOffAt: plan.close };
  const group = groupPlan(plan, intent.instrument.hasDerivatives);
  return { ...session, squareOffAt: group.squareOff, cutOffAt: group.exchangeCutOff };
}
