// When things happen at NSE on a date, on the market's own clock. The rules changed in 2026 (closing
// auction from 3 August, pre-open from 7 September), so every instant is a function of the date.
// Sources: docs/kite.md, Session clock and Intraday at the broker.
import { epochMs, type EpochMs } from '../units';
import type { SessionDate } from './calendar';

/** Since this date stocks with derivatives stop continuous trading at 15:15 for the closing auction. */
export const closingAuctionSince: SessionDate = '2026-08-03';
const preOpenSince: SessionDate = '2026-09-07';

/** The market's instants of one stock group on one date, epoch ms on the market's clock. */
export interface SessionClock {
  readonly date: SessionDate;
  readonly preOpen: EpochMs;
  readonly preOpenMatch: EpochMs;
  readonly open: EpochMs;
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

/** `YYYY-MM-DD` in India at an instant. */
export const istDate = (at: EpochMs): SessionDate =>
  new Date(at + 19_800_000).toISOString().slice(0, 10);

/** `HH:MM:SS` in India at an instant. */
export const istTime = (at: EpochMs): string =>
  new Date(at + 19_800_000).toISOString().slice(11, 19);

/** `YYYY-MM-DD HH:MM:SS` in India, the broker's form. */
export const istText = (at: EpochMs): string => `${istDate(at)} ${istTime(at)}`;

/** Is a stock of this group in the closing auction on the date? */
export const inClosingAuction = (date: SessionDate, hasDerivatives: boolean): boolean =>
  hasDerivatives && date >= closingAuctionSince;

/** The clock of a stock group; `hasDerivatives` decides the closing auction. */
export function sessionClock(date: SessionDate, hasDerivatives: boolean): SessionClock {
  const at = (time: string): EpochMs => istInstant(date, time);
  const auction = inClosingAuction(date, hasDerivatives);
  const oldRules = date < closingAuctionSince;
  return {
    date,
    preOpen: at('09:00'),
    preOpenMatch: at(date >= preOpenSince ? '09:10' : '09:08'),
    open: at('09:15'),
    continuousEnd: at(auction ? '15:15' : '15:30'),
    brokerSquareOff: at(oldRules ? '15:20' : auction ? '15:12' : '15:25'),
    close: at(auction ? '15:35' : '15:30'),
  };
}
