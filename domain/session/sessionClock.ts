// When things happen at NSE on a trading day, on the market's own clock. The rules changed in 2026 (closing
// auction from 3 August, pre-open from 7 September), so every instant is a function of the date. A day with
// hours of its own has one pre-open, before its first session, and no closing auction.
import { epochMs, type EpochMs } from '../units';
import type { SessionDate, TradingDay } from './calendar';

/** Since this date stocks with derivatives stop continuous trading at 15:15 for the closing auction. */
export const closingAuctionSince: SessionDate = '2026-08-03';
const preOpenSince: SessionDate = '2026-09-07';

/** A session of continuous trading, or a pause between two: from the first instant to the one after the last. */
export interface TradingSpan {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** The market's instants of one stock group on one date, epoch ms on the market's clock. */
export interface SessionClock {
  readonly date: SessionDate;
  readonly preOpen: EpochMs;
  readonly preOpenMatch: EpochMs;
  readonly open: EpochMs;
  /** Continuous trading, in order of time: one session on a usual day. Between two the exchange is closed. */
  readonly sessions: readonly TradingSpan[];
  /** End of continuous trading: 15:15 in the closing auction's stocks, else 15:30. */
  readonly continuousEnd: EpochMs;
  /** When the broker squares MIS positions off. */
  readonly brokerSquareOff: EpochMs;
  /** End of everything, auction included. */
  readonly close: EpochMs;
}

/** `HH:MM[:SS]` in India on the date, as epoch ms. */
export const istInstant = (date: SessionDate, time: string): EpochMs =>
  epochMs(Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}+05:30`));

/** How far India's clock is ahead of UTC. */
export const istOffsetMs = 19_800_000;
const dayMs = 86_400_000;

/** Days from 1 January 1970 to India's date at an instant: equal where the date is, and quicker to have. */
export const istDayNumber = (at: EpochMs): number => Math.floor((at + istOffsetMs) / dayMs);

/** `YYYY-MM-DD` in India at an instant. */
export const istDate = (at: EpochMs): SessionDate =>
  new Date(at + istOffsetMs).toISOString().slice(0, 10);

/** `HH:MM:SS` in India at an instant. */
export const istTime = (at: EpochMs): string =>
  new Date(at + istOffsetMs).toISOString().slice(11, 19);

/** `YYYY-MM-DD HH:MM:SS` in India, the broker's form. */
export const istText = (at: EpochMs): string => `${istDate(at)} ${istTime(at)}`;

/** Is a stock of this group in the closing auction on the day? */
export const inClosingAuction = ({ date, hours }: TradingDay, hasDerivatives: boolean): boolean =>
  hours === null && hasDerivatives && date >= closingAuctionSince;

const minuteMs = 60_000;
const usualOpenMinute = 9 * 60 + 15;

/** Whole minutes from 09:15 in India to an instant of the same day; negative before it. */
export const minutesSinceOpen = (at: EpochMs): number =>
  Math.floor(((at + istOffsetMs) % dayMs) / minuteMs) - usualOpenMinute;

/** The clock of a stock group; `hasDerivatives` decides the closing auction. */
export function sessionClock(day: TradingDay, hasDerivatives: boolean): SessionClock {
  const { date } = day;
  const at = (time: string): EpochMs => istInstant(date, time);
  const auction = inClosingAuction(day, hasDerivatives);
  const hours = day.hours ?? [auction ? '09:15-15:15' : '09:15-15:30'];
  const sessions = hours.map((span) => ({ from: at(span.slice(0, 5)), until: at(span.slice(6)) }));
  const open = epochMs(Math.min(...sessions.map(({ from }) => from)));
  const continuousEnd = epochMs(Math.max(...sessions.map(({ until }) => until)));
  const beforeSquareOff = date < closingAuctionSince ? 10 : auction ? 3 : 5;
  return {
    date,
    open,
    sessions,
    continuousEnd,
    preOpen: epochMs(open - 15 * minuteMs),
    preOpenMatch: epochMs(open - (date >= preOpenSince ? 5 : 7) * minuteMs),
    brokerSquareOff: epochMs(continuousEnd - beforeSquareOff * minuteMs),
    close: auction ? at('15:35') : continuousEnd,
  };
}

/** Trading minutes of the day. */
export const tradingMinutes = ({ sessions }: Pick<SessionClock, 'sessions'>): number =>
  sessions.reduce((sum, { from, until }) => sum + (until - from) / minuteMs, 0);

/** The instant of a trading minute, counted from 0 at the open over the pauses; past the last it runs on. */
export function tradingMinuteAt(
  { sessions, continuousEnd }: Pick<SessionClock, 'sessions' | 'continuousEnd'>,
  minute: number,
): EpochMs {
  let left = minute * minuteMs;
  for (const { from, until } of sessions) {
    if (left < until - from) return epochMs(from + left);
    left -= until - from;
  }
  return epochMs(continuousEnd + left);
}

/** Does the exchange trade continuously at the instant? */
export const isTrading = ({ sessions }: Pick<SessionClock, 'sessions'>, at: EpochMs): boolean =>
  sessions.some(({ from, until }) => at >= from && at < until);
