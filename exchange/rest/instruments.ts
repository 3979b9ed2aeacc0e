// The day's list of instruments as CSV: what is listed here, and as many far rows as asked for, so that a
// reader meets a list as long as Kite's. Source: docs/kite.md, Instruments.
import type { SessionDate } from '../../domain/session/calendar';
import { inputError } from '../engine/kiteError';
import type { Listing } from '../market/listing';
import { segments } from './profile';
import type { KiteReply } from './request';
import type { RouteCall } from './scene';

const header =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';

/** Lines of instruments that no order, quote or tick knows, by exchange. */
export interface FarRows {
  readonly NSE: readonly string[];
  readonly NFO: readonly string[];
}

/** The day's dump as exactly `text/csv`. With a charset the JS client would not parse it. */
export function instruments({ parts, scene }: RouteCall): KiteReply {
  const [exchange = 'NSE'] = parts;
  if (!segments.some((name) => name === exchange)) throw inputError('Invalid `exchange`.');
  const { listings } = scene.exchange.source;
  const { date } = scene.exchange;
  const cash = exchange === 'NSE' ? [...listings.map(cashLine), ...scene.farRows.NSE] : [];
  const wantsFutures = exchange === 'NFO' || parts.length === 0;
  const withFuture = listings.filter(({ hasDerivatives }) => hasDerivatives);
  const futures = wantsFutures
    ? [...withFuture.map((listing) => futureLine(listing, date)), ...scene.farRows.NFO]
    : [];
  return {
    status: 200,
    contentType: 'text/csv',
    body: [header, ...cash, ...futures, ''].join('\r\n'),
  };
}

/** Above every token of what is listed here. */
const farTokenBase = 1_000_000;

/**
 * `count` rows, a tenth of them loans of states at NSE, the others options on the index far from the money.
 * They are made once: a dump is asked for while the market runs.
 */
export function farRows(count: number, date: SessionDate): FarRows {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return {
    NSE: numbers.filter((index) => index % 10 === 0).map(loanLine),
    NFO: numbers.filter((index) => index % 10 > 0).map((index) => optionLine(index, date)),
  };
}

const loanLine = (index: number): string =>
  `${tokensOf(farTokenBase + index, 1)},SDL${index}-SG,STATE LOAN ${index},0.0,,0.0,0.01,1,EQ,NSE,NSE`;

function optionLine(index: number, date: SessionDate): string {
  const { expiry, month } = monthEnd(date);
  const strike = 50 * (index + 1_000);
  const symbol = `NIFTY${month}${strike}CE`;
  return `${tokensOf(farTokenBase + index, 2)},${symbol},NIFTY,0.0,${expiry},${strike},0.05,65,CE,NFO-OPT,NFO`;
}

function cashLine(listing: Listing): string {
  const { instrumentToken, exchangeToken, tradingsymbol, name, tickSize, isIndex } = listing;
  const tick = isIndex ? '0.0' : (tickSize / 100).toFixed(2);
  const text = name.replaceAll(',', ' ').toUpperCase();
  const [lot, segment] = isIndex ? ['0', 'INDICES'] : ['1', 'NSE'];
  return `${instrumentToken},${exchangeToken},${tradingsymbol},${text},0.0,,0.0,${tick},${lot},EQ,${segment},NSE`;
}

/** The near future of a stock with derivatives, from which clients learn the closing-auction list. */
function futureLine({ exchangeToken, tradingsymbol }: Listing, date: SessionDate): string {
  const { expiry, month } = monthEnd(date);
  const tokens = tokensOf(50_000 + exchangeToken, 2);
  return `${tokens},${tradingsymbol}${month}FUT,${tradingsymbol},0.0,${expiry},0.0,0.05,1,FUT,NFO-FUT,NFO`;
}

/** Instrument token and exchange token; segment 1 is NSE, 2 is NFO. */
const tokensOf = (exchangeToken: number, segment: 1 | 2): string =>
  `${exchangeToken * 256 + segment},${exchangeToken}`;

/** The last day of the date's month, and the month as derivatives are named by it, e.g. 26NOV. */
function monthEnd(date: SessionDate): { readonly expiry: string; readonly month: string } {
  const end = new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0));
  const month = end.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' }).toUpperCase();
  return { expiry: end.toISOString().slice(0, 10), month: `${date.slice(2, 4)}${month}` };
}
