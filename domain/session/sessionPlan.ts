// A session plan is the day as instants on the HOST's clock, so that workflows only sleep until them. Live,
// host and market clocks run together. The paper exchange runs the market's clock faster or in another year,
// and only the plan's `clock` knows that.
import { epochMs, type EpochMs } from '../units';
import type { SessionDate } from './calendar';
import { sessionClock } from './sessionClock';

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
}

export const defaultSessionMargins: SessionMargins = {
  entryAfterOpenMs: 15 * 60_000,
  lastEntryBeforeSquareOffMs: 30 * 60_000,
  squareOffBeforeBrokerMs: 10 * 60_000,
};

/** The day's instants for one stock group, host clock. */
export interface GroupPlan {
  readonly entryUntil: EpochMs;
  readonly squareOff: EpochMs;
  readonly exchangeCutOff: EpochMs;
}

/** Instants on the host clock. `clock` converts them to the market's for display and ages. */
export interface SessionPlan {
  readonly date: SessionDate;
  readonly clock: MarketClock;
  readonly open: EpochMs;
  readonly entryFrom: EpochMs;
  /** Stocks with derivatives, which are in the closing auction since August 2026. */
  readonly withDerivatives: GroupPlan;
  readonly withoutDerivatives: GroupPlan;
  readonly close: EpochMs;
}

/** The plan of a date under a clock. It does not check the calendar; `requireTradingDay` does. */
export function planSession(
  date: SessionDate,
  clock: MarketClock,
  margins: SessionMargins = defaultSessionMargins,
): SessionPlan {
  const host = (market: number): EpochMs => hostTime(clock, epochMs(market));
  const group = (hasDerivatives: boolean): GroupPlan => {
    const market = sessionClock(date, hasDerivatives);
    const squareOff = market.brokerSquareOff - margins.squareOffBeforeBrokerMs;
    return {
      entryUntil: host(squareOff - margins.lastEntryBeforeSquareOffMs),
      squareOff: host(squareOff),
      exchangeCutOff: host(market.brokerSquareOff),
    };
  };
  const market = sessionClock(date, true);
  return {
    date,
    clock,
    open: host(market.open),
    entryFrom: host(market.open + margins.entryAfterOpenMs),
    withDerivatives: group(true),
    withoutDerivatives: group(false),
    close: host(market.close),
  };
}

/** The instants that hold for a stock. */
export const groupPlan = (plan: SessionPlan, hasDerivatives: boolean): GroupPlan =>
  hasDerivatives ? plan.withDerivatives : plan.withoutDerivatives;

/** The last instant at which any stock may be entered, host clock. */
export const lastEntryInstant = (plan: SessionPlan): EpochMs =>
  epochMs(Math.max(plan.withDerivatives.entryUntil, plan.withoutDerivatives.entryUntil));

/** The end of the first bar that may lead to an entry, market clock. Bars are counted from the open. */
export const firstBarEnd = (
  { date, clock, entryFrom }: SessionPlan,
  barMinutes: number,
): EpochMs => {
  const barMs = barMinutes * 60_000;
  const { open } = sessionClock(date, true);
  // Rounded to seconds: on a fast clock an instant loses some milliseconds on its way to the host's clock and
  // back.
  const from = Math.round(marketTime(clock, entryFrom) / 1_000) * 1_000;
  return epochMs(open + Math.ceil((from - open) / barMs) * barMs);
};
