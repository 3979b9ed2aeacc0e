// What risk was asked about a candidate and what it answered. Kept for every candidate, so that the question
// can be asked again: the day's book is in it by the ids of its intents, which are records of their own.
import type { Intent } from '../position';
import {
  settlementEstimate,
  shortAvailability,
  type BrokerMargin,
  type Exposure,
  type RiskView,
  type SizedTrade,
} from '../risk';
import type { Refused } from '../errors';
import type { SessionDate } from '../session/calendar';
import type { EpochMs, Paise } from '../units';
import { exposureOf, openedBy } from './dayPositions';
import type { ProposedEntry } from './terms';

/** The book with its positions by intent id. */
export interface AskedRiskView extends Omit<RiskView, 'exposures'> {
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

/** What the candidate itself does not say. */
export interface RiskQuestion {
  readonly barEnd: EpochMs;
  readonly ltp: Paise;
  readonly book: AskedRiskView;
  /** The broker's figures, null without an answer; left out where risk refused before asking. */
  readonly margin?: BrokerMargin | null;
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
  /** Among the bar's candidates, strongest first; from 0. */
  readonly place: number;
  readonly asked: RiskQuestion;
}

export function askedRiskView({ exposures, ...book }: RiskView): AskedRiskView {
  const ids = (closed: boolean): string[] =>
    exposures.filter((one) => one.closed === closed).map(({ intentId }) => intentId);
  return { ...book, open: ids(false), closed: ids(true) };
}

/** The book again. @param date the session's. @param intentOf the recorded intent; one that is missing is left out. */
export function bookAsked(
  { open, closed, ...book }: AskedRiskView,
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
  return { ...book, exposures: [...exposures(open, false), ...exposures(closed, true)] };
}

/** An approval with what bounds allowed, and what would be owed if the position stayed open. */
export function approvedVerdict(
  date: SessionDate,
  { proposal }: ProposedEntry,
  sized: SizedTrade,
): RiskVerdict {
  const { quantity, entryLimit, value, risk, boundBy, allowed } = sized;
  const { direction, intentId } = proposal;
  const short = shortAvailability(proposal);
  const settlement = settlementEstimate(proposal, value, date);
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
