// Instruments, quotes and historical candles. Sources: docs/kite.md, Transport and Instruments.
import { istDate, istTime } from '../../domain/session/sessionClock';
import type { Candle } from '../../domain/market/candle';
import { epochMs, type EpochMs } from '../../domain/units';
import { candlesOf, historicalIntervals, type Interval } from '../market/historical';
import { inputError } from '../engine/kiteError';
import type { Tape } from '../engine/tape';
import type { Listing } from '../market/listing';
import { formLookup, isSet, requiredText } from './params';
import { success, type KiteReply } from './request';
import { ltpRow, ohlcRow, quoteRow, type Row } from './rows';
import type { Route, RouteCall } from './scene';

export const marketRoutes: readonly Route[] = [
  { method: 'GET', path: '/instruments', answer: instruments },
  { method: 'GET', path: '/instruments/*', answer: instruments },
  { method: 'GET', path: '/instruments/historical/*/*', answer: historical },
  {
    method: 'GET',
    path: '/quote',
    answer: (call) => quotes(call, 500, (tape) => quoteRow(tape, call.scene.exchange.now)),
  },
  { method: 'GET', path: '/quote/ohlc', answer: (call) => quotes(call, 1_000, ohlcRow) },
  { method: 'GET', path: '/quote/ltp', answer: (call) => quotes(call, 1_000, ltpRow) },
];

/** The day's dump as exactly `text/csv`. With a charset the JS client would not parse it. */
function instruments({ parts, scene }: RouteCall): KiteReply {
  const [exchange = 'NSE'] = parts;
  const header =
    'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
  const { listings } = scene.exchange.source;
  const known = ['NSE', 'BSE', 'NFO', 'BFO', 'CDS', 'BCD', 'MCX'];
  if (!known.includes(exchange)) throw inputError('Invalid `exchange`.');
  const cash = exchange === 'NSE' ? listings.map(cashLine) : [];
  const wantsFutures = exchange === 'NFO' || parts.length === 0;
  const futures = wantsFutures
    ? listings.flatMap((listing) =>
        listing.hasDerivatives ? [futureLine(listing, scene.exchange.date)] : [],
      )
    : [];
  return {
    status: 200,
    contentType: 'text/csv',
    body: [header, ...cash, ...futures, ''].join('\r\n'),
  };
}

function cashLine(listing: Listing): string {
  const { instrumentToken, exchangeToken, tradingsymbol, name, tickSize, isIndex } = listing;
  const tick = isIndex ? '0.0' : (tickSize / 100).toFixed(2);
  const text = name.replaceAll(',', ' ').toUpperCase();
  const [lot, segment] = isIndex ? ['0', 'INDICES'] : ['1', 'NSE'];
  return `${instrumentToken},${exchangeToken},${tradingsymbol},${text},0.0,,0.0,${tick},${lot},EQ,${segment},NSE`;
}

/** The near future of a stock with derivatives, from which clients learn the closing-auction list. */
function futureLine(listing: Listing, date: string): string {
  const expiry = monthEnd(date);
  const token = 50_000 + listing.exchangeToken;
  const month = new Date(`${expiry}T00:00:00Z`)
    .toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
    .toUpperCase();
  const symbol = `${listing.tradingsymbol}${date.slice(2, 4)}${month}FUT`;
  return `${token * 256 + 2},${token},${symbol},${listing.tradingsymbol},0.0,${expiry},0.0,0.05,1,FUT,NFO-FUT,NFO`;
}

const monthEnd = (date: string): string =>
  new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0))
    .toISOString()
    .slice(0, 10);

/** Rows keyed by the text asked for. An unknown instrument is simply absent. */
function quotes({ request, scene }: RouteCall, most: number, row: (tape: Tape) => Row): KiteReply {
  const asked = request.query.getAll('i');
  if (asked.length > most) throw inputError(`Maximum ${most} instruments are allowed per request.`);
  const found = asked.flatMap((name): [string, Row][] => {
    const tape = name.startsWith('NSE:')
      ? scene.exchange.findTape(name.slice(4))
      : scene.exchange.tapes.get(Number(name));
    return tape === undefined ? [] : [[name, row(tape)]];
  });
  return success(Object.fromEntries(found));
}

function historical({ request, parts, scene }: RouteCall): KiteReply {
  const [token = '', intervalText = ''] = parts;
  const interval = historicalIntervals.find(({ name }) => name === intervalText);
  if (interval === undefined) throw inputError('Invalid `interval`.');
  const tape = /^\d{1,10}$/.test(token) ? scene.exchange.tapes.get(Number(token)) : undefined;
  if (tape === undefined) throw inputError('Invalid `instrument_token`.');
  const lookup = formLookup(request.query);
  const from = instant(requiredText(lookup, 'from'), 'from');
  const to = instant(requiredText(lookup, 'to'), 'to');
  checkSpan(from, to, interval);
  const minutes = [...scene.exchange.source.history(Number(token)), ...tape.candles];
  const hasOi = isSet(lookup, 'oi');
  const candles = candlesOf(minutes, interval)
    .filter(({ at }) => at >= from && at <= to)
    .map((candle) => candleRow(candle, hasOi));
  return success({ candles });
}

function checkSpan(from: EpochMs, to: EpochMs, interval: Interval): void {
  if (from > to) throw inputError('Invalid date range: `from` date cannot be after `to` date.');
  if (to - from > interval.daysMax * 86_400_000) {
    throw inputError(`interval exceeds max limit: ${interval.daysMax} days`);
  }
}

const candleRow = ({ at, open, high, low, close, volume }: Candle, hasOi: boolean): unknown[] => [
  `${istDate(at)}T${istTime(at)}+0530`,
  ...[open, high, low, close].map((price) => price / 100),
  volume,
  ...(hasOi ? [0] : []),
];

/** `YYYY-MM-DD[ HH:MM:SS]` in India. */
function instant(text: string, name: string): EpochMs {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T+](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text);
  const at =
    match === null ? Number.NaN : Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00'}+05:30`);
  if (Number.isNaN(at)) throw inputError(`Invalid \`${name}\` date.`);
  return epochMs(at);
}
