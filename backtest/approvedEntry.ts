// From a candidate to approved terms, as the day workflow does it: the question, risk's answer and the broker's margin.
import {
  approvedTerms,
  exposuresIn,
  proposeEntry,
  type Candidate,
  type DayPositions,
  type EntryDay,
} from '../domain/entry';
import { brokerCapabilities } from '../broker';
import { Refused } from '../domain/errors';
import type { PositionTerms } from '../domain/position';
import {
  approve,
  checkDay,
  checkMargin,
  type BrokerMargin,
  type RiskApproved,
  type RiskView,
} from '../domain/risk';
import { paise, type EpochMs, type Paise } from '../domain/units';
import type { DayTerms } from './tradedTerms';

const { modificationsMax } = brokerCapabilities;

/** When it is asked, and what is known then. */
export interface Asking {
  readonly barEnd: EpochMs;
  readonly view: RiskView;
  readonly marginFor: (tradingsymbol: string, value: Paise) => BrokerMargin;
}

/** null where the day does not watch the stock. @throws Refused */
export function approvedEntry(
  { entryDay, risk, stocks }: DayTerms,
  candidate: Candidate,
  { barEnd, view, marginFor }: Asking,
): RiskApproved<PositionTerms> | null {
  // Asked before anything of the candidate is worked out: most are refused here.
  checkDay(view, risk);
  const { tradingsymbol } = candidate.decision;
  const stock = stocks.find((one) => one.tradingsymbol === tradingsymbol);
  const entry = stock === undefined ? null : proposeEntry(entryDay, stock, candidate, barEnd);
  if (entry === null) return null;
  const sized = approve(entry.proposal, view, risk);
  const value = paise(sized.quantity * sized.entryLimit);
  checkMargin(marginFor(tradingsymbol, value), risk);
  return approvedTerms({ ...entryDay, modificationsMax }, entry, sized);
}

/** The day as risk sees it. */
export const riskView = (
  { entryDay, cash }: { readonly entryDay: EntryDay; readonly cash: Paise },
  positions: DayPositions,
  now: EpochMs,
): RiskView => ({
  now,
  capital: cash,
  entriesHalted: false,
  quarantined: [],
  ...positions.score,
  exposures: exposuresIn(positions, entryDay.date),
});

/** Proposes candidates until there are no more. What is refused is counted by its code. */
export function proposeEach(
  next: () => Candidate | null,
  refusals: Record<string, number>,
  propose: (candidate: Candidate) => void,
): void {
  for (let candidate = next(); candidate !== null; candidate = next()) {
    try {
      propose(candidate);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusals[error.code] = (refusals[error.code] ?? 0) + 1;
    }
  }
}
