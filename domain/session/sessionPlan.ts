// A session plan is the day as instants on the HOST's clock, so that workflows only sleep until them. Live,
// host and market clocks run together. The paper exchange runs the market's clock faster or in another year,
// and only the plan's `clock` knows that.
import { Refused } from '../errors';
import { barStart } from '../indicators/barAggregator';
import { epochMs, type EpochMs } from '../units';
import {
  nextTradingDay,
  requireTradingDay,
  type SessionDate,
  type TradingCalendar,
} from './calendar';
import { nseCalendar } from './nseCalendar';
import { sessionClock, type TradingSpan } from './sessionClock';

/** market = marketAt + (host − hostAt) · speed. Live: equal instants and speed 1. */
export interface MarketClock {
  readonly marketAt: EpochMs;
  readonly hostAt: EpochMs;
  readonly speed: number;
}

/** The market's time at a host instant. */
export const marketTime = (clock: MarketClock, host: EpochMs): EpochMs =>
  epochMs(Math.round(clock.marketAt + (host - clock.hostAt) * clock.speed));

/** The host's time at a market instant. */
export const hostTime = (clock: MarketClock, market: EpochMs): EpochMs =>
  epochMs(Math.round(clock.hostAt + (market - clock.marketAt) / clock.speed));

/** How long before the broker's square-off, or after the open, we act. Milliseconds of market time. */
export interface SessionMargins {
  readonly entryAfterOpenMs: number;
  readonly lastEntryBeforeSquareOffMs: number;
  readonly squareOffBeforeBrokerMs: number;
  /** An order needs its time to fill and to be protected before the exchange pauses. */
  readonly lastEntryBeforePauseMs: number;
}

export const defaultSessionMargins: SessionMargins = {
  entryAfterOpenMs: 15 * 60_000,
  lastEntryBeforeSquareOffMs: 30 * 60_000,
  squareOffBeforeBrokerMs: 10 * 60_000,
  lastEntryBeforePauseMs: 5 * 60_000,
};

/** The day's instants for one stock group, host clock. */
export interface GroupPlan {
  readonly entryUntil: EpochMs;
  readonly squareOff: EpochMs;
  readonly exchangeCutOff: EpochMs;
}

/** A session of continuous trading with its part in which stocks may be entered; host clock. */
export interface PlannedSession extends TradingSpan {
  readonly entryFrom: EpochMs;
  /** Before a pause; in the last session each stock group has its own. */
  readonly entryUntil: EpochMs;
}

/** Instants on the host clock. `clock` converts them to the market's for display and ages. */
export interface SessionPlan {
  readonly date: SessionDate;
  readonly clock: MarketClock;
  readonly open: EpochMs;
  readonly entryFrom: EpochMs;
  /** In order of time; two where the exchange pauses. Absent of days recorded before it was kept: they had the usual one. */
  readonly sessions?: readonly PlannedSession[];
  /** Stocks with derivatives, which are in the closing auction since August 2026. */
  readonly withDerivatives: GroupPlan;
  readonly withoutDerivatives: GroupPlan;
  readonly close: EpochMs;
  /** When shares and cash of the day change hands; null past the list, absent of days recorded without it. */
  readonly settlesOn?: SessionDate | null;
  /** Whose orders the session's are, see `installationOf`; absent of days recorded before there were installations. */
  readonly installation?: string;
}

/** The plan of a date under a clock. @throws Refused CALENDAR_CLOSED or CALENDAR_STALE of a date that does not trade. */
export function planSession(
  date: SessionDate,
  clock: MarketClock,
  calendar: TradingCalendar,
  margins: SessionMargins = defaultSessionMargins,
): SessionPlan {
  const day = requireTradingDay(date, calendar);
  const host = (market: number): EpochMs => hostTime(clock, epochMs(market));
  const group = (hasDerivatives: boolean): GroupPlan => {
    const market = sessionClock(day, hasDerivatives);
    const last = market.sessions.at(-1);
    const squareOff = market.brokerSquareOff - margins.squareOffBeforeBrokerMs;
    return {
      entryUntil: host(squareOff - within(last, margins.lastEntryBeforeSquareOffMs)),
      squareOff: host(squareOff),
      exchangeCutOff: host(market.brokerSquareOff),
    };
  };
  const market = sessionClock(day, true);
  const sessions = market.sessions.map(({ from, until }, index): PlannedSession => {
    const isLast = index === market.sessions.length - 1;
    return {
      from: host(from),
      until: host(until),
      entryFrom: host(from + within({ from, until }, margins.entryAfterOpenMs)),
      entryUntil: host(until - (isLast ? 0 : margins.lastEntryBeforePauseMs)),
    };
  });
  const open = host(market.open);
  return {
    date,
    clock,
    open,
    sessions,
    entryFrom: sessions[0]?.entryFrom ?? open,
    withDerivatives: group(true),
    withoutDerivatives: group(false),
    close: host(market.close),
    settlesOn: settlementDate(date, calendar),
  };
}

/** In a session shorter than two hours a margin is at most a quarter of it: entries have their time there, too. */
const within = (session: TradingSpan | undefined, marginMs: number): number =>
  session === undefined ? marginMs : Math.min(marginMs, (session.until - session.from) / 4);

/** The next trading day; null past the list. */
function settlementDate(date: SessionDate, calendar: TradingCalendar): SessionDate | null {
  try {
    return nextTradingDay(date, calendar);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

/** When the day's trades settle; of a day recorded without it, by the shipped list. */
export const settlesOn = ({
  date,
  settlesOn: recorded,
}: Pick<SessionPlan, 'date' | 'settlesOn'>): SessionDate | null =>
  recorded === undefined ? settlementDate(date, nseCalendar) : recorded;

/** The day's sessions; the usual one of a day recorded without them. */
export function sessionsOf(plan: SessionPlan): readonly PlannedSession[] {
  const { date, clock, open, entryFrom } = plan;
  const { continuousEnd } = sessionClock({ date, hours: null }, true);
  const until = hostTime(clock, continuousEnd);
  return plan.sessions ?? [{ from: open, until, entryFrom, entryUntil: until }];
}

/** When the exchange is closed between two sessions of the day, host clock. */
export const pausesOf = (plan: SessionPlan): readonly TradingSpan[] => {
  const sessions = sessionsOf(plan);
  return sessions
    .slice(1)
    .map(({ from }, index) => ({ from: sessions[index]?.until ?? from, until: from }));
};

/** The instants that hold for a stock. */
export const groupPlan = (plan: SessionPlan, hasDerivatives: boolean): GroupPlan =>
  hasDerivatives ? plan.withDerivatives : plan.withoutDerivatives;

/** The last instant at which any stock may be entered, host clock. */
export const lastEntryInstant = (plan: SessionPlan): EpochMs =>
  epochMs(Math.max(plan.withDerivatives.entryUntil, plan.withoutDerivatives.entryUntil));

/** Ends of the bars that may lead to an entry, market clock, ascending. Bars are counted as the indicators count them. */
export function entryBars(plan: SessionPlan, barMinutes: number): readonly EpochMs[] {
  const { clock } = plan;
  const barMs = barMinutes * 60_000;
  const until = lastEntryInstant(plan);
  const open = sessionsOf(plan).map(({ entryFrom, entryUntil }) => ({
    from: marketSecond(clock, entryFrom),
    until: marketSecond(clock, entryUntil),
  }));
  const ends: EpochMs[] = [];
  let end: number = barStart(epochMs(marketSecond(clock, plan.entryFrom) + barMs - 1), barMinutes);
  for (; hostTime(clock, epochMs(end)) < until; end += barMs) {
    if (open.some((session) => end >= session.from && end <= session.until))
      ends.push(epochMs(end));
  }
  return ends;
}

/** To the second: on a fast clock an instant loses some milliseconds on its way to the host's and back. */
const marketSecond = (clock: MarketClock, host: EpochMs): number =>
  Math.round(marketTime(clock, host) / 1_000) * 1_000;
