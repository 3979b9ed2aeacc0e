// What risk was asked about a candidate, and its answer. Every question is kept so that it can be asked
// again. It names the day's positions by intent id, since the intents are recorded on their own.
import type { Intent } from '../position';
import {
  settlementEstimate,
  shortAvailability,
  type BrokerMargin,
  type Exposure,
  type RiskView,
  type SizedTrade,
} from '../risk';
import { Refused } from '../errors';
import type { SessionDate } from '../session/calendar';
import { settlesOn, type SessionPlan } from '../session/sessionPlan';
import type { EpochMs, Paise } from '../units';
import { exposureOf, openedBy } from './dayPositions';
import type { ProposedEntry } from './terms';

/** Risk's view of the day, with positions named by intent id. */
export interface AskedRiskView extends Omit<RiskView, 'exposures'> {
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

/** The part of a question that the candidate itself does not contain. */
export interface RiskQuestion {
  readonly barEnd: EpochMs;
  readonly ltp: Paise;
  readonly book: AskedRiskView;
  /** The broker's figures; null without an answer, absent where risk refused before asking for them. */
  readonly margin?: BrokerMargin | null;
  /** How long after the bar's end risk was asked, host milliseconds; absent of days recorded without it. */
  readonly lateMs?: number;
}

/** Waiting for the feed and judging take less than this of the host's time. */
const judgedMaxMs = 30_000;

/** @throws Refused ENTRY_LATE: a worker that stood still has decided about another market. */
export function requireInTime(lateMs: number | undefined): void {
  if (lateMs === undefined || lateMs <= judgedMaxMs) return;
  throw new Refused({
    code: 'ENTRY_LATE',
    message: `the bar ended ${Math.round(lateMs / 1_000)} s before risk was asked`,
  });
}

export interface RiskVerdict {
  /** `APPROVED`, or the refusal's code. */
  readonly code: string;
  readonly reason: string;
  readonly numbers: Readonly<Record<string, string | number>>;
}

/** JSON-plain. */
export interface RiskAnswer extends RiskVerdict {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  /** Rank among the bar's candidates; 0 is the strongest. */
  readonly place: number;
  readonly asked: RiskQuestion;
}

export function askedRiskView({ exposures, ...view }: RiskView): AskedRiskView {
  const ids = (closed: boolean): string[] =>
    exposures.filter((one) => one.closed === closed).map(({ intentId }) => intentId);
  return { ...view, open: ids(false), closed: ids(true) };
}

/**
 * Rebuilds the view risk was asked with. @param date the session's. @param intentOf finds a recorded intent;
 * a missing one is left out.
 */
export function bookAsked(
  { open, closed, ...view }: AskedRiskView,
  date: SessionDate,
  intentOf: (intentId: string) => Intent | undefined,
): RiskView {
  const exposures = (ids: readonly string[], isClosed: boolean): Exposure[] =>
    ids.flatMap((id) => {
      const intent = intentOf(id);
      return intent === undefined
        ? []
        : [exposureOf({ ...openedBy(intent), closed: isClosed }, date)];
    });
  return { ...view, exposures: [...exposures(open, false), ...exposures(closed, true)] };
}

/**
 * An approval: what each bound allowed, and what would be owed if the position stayed open over the close.
 */
export function approvedVerdict(
  plan: SessionPlan,
  { proposal }: ProposedEntry,
  sized: SizedTrade,
): RiskVerdict {
  const { quantity, entryLimit, value, risk, boundBy, allowed } = sized;
  const { direction, intentId } = proposal;
  const short = shortAvailability(proposal);
  const settlement = settlementEstimate(proposal, value, settlesOn(plan));
  return {
    code: 'APPROVED',
    reason: `${direction} ${quantity}: ${boundBy} is the tightest bound`,
    numbers: {
      intentId,
      quantity,
      entryLimit,
      value,
      risk,
      boundBy,
      ...allowed,
      ...(direction === 'SHORT' ? { shortAvailability: short.reason } : {}),
      'if not closed: settles on': settlement.settlesOn ?? 'not known yet',
      'if not closed: cash needed': settlement.cashNeeded,
      'if not closed: worst auction loss': settlement.auctionLossWorst,
    },
  };
}

export const refusedVerdict = ({ code, message, context }: Refused): RiskVerdict => ({
  code,
  reason: message,
  numbers: context,
});
