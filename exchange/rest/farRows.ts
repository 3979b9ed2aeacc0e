// Rows of the list of instruments for what is listed and never trades, so that a reader meets a list as long
// as Kite's. They are in no tape, so ticks cost what they cost without them. Source: docs/kite.md, Instruments.
import type { SessionDate } from '../../domain/session/calendar';

/** Lines of instruments that no order, quote or tick knows, by exchange. */
export interface FarRows {
  readonly NSE: readonly string[];
  readonly NFO: readonly string[];
}

/** Above every token of what is listed here. */
const farTokenBase = 1_000_000;

/**
 * `count` rows, a tenth of them loans of states at NSE, the others options on the index far from the money.
 * They are made once: a dump is asked for while the market runs.
 */
export function farRows(count: number, date: SessionDate): FarRows {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const end = monthEnd(date);
  return {
    NSE: numbers.filter((index) => index % 10 === 0).map(loanLine),
    NFO: numbers.filter((index) => index % 10 > 0).map((index) => optionLine(index, end)),
  };
}

const loanLine = (index: number): string =>
  `${tokensOf(farTokenBase + index, 1)},SDL${index}-SG,STATE LOAN ${index},0.0,,0.0,0.01,1,EQ,NSE,NSE`;

function optionLine(index: number, { expiry, month }: MonthEnd): string {
  const strike = 50 * (index + 1_000);
  const symbol = `NIFTY${month}${strike}CE`;
  return `${tokensOf(farTokenBase + index, 2)},${symbol},NIFTY,0.0,${expiry},${strike},0.05,65,CE,NFO-OPT,NFO`;
}

/** Instrument token and exchange token; segment 1 is NSE, 2 is NFO. */
export const tokensOf = (exchangeToken: number, segment: 1 | 2): string =>
  `${exchangeToken * 256 + segment},${exchangeToken}`;

/** When the derivatives of a month end, and the month as they are named by it, e.g. 26NOV. */
interface MonthEnd {
  readonly expiry: string;
  readonly month: string;
}

/** Of the date's month. */
export function monthEnd(date: SessionDate): MonthEnd {
  const end = new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0));
  const month = end.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' }).toUpperCase();
  return { expiry: end.toISOString().slice(0, 10), month: `${date.slice(2, 4)}${month}` };
}
