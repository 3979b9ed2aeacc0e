// The day's list of instruments as CSV. Source: docs/kite.md, Instruments.
import type { SessionDate } from '../../domain/session/calendar';
import { inputError } from '../engine/kiteError';
import type { Listing } from '../market/listing';
import { monthEnd, tokensOf } from './farRows';
import { segments } from './profile';
import type { KiteReply } from './request';
import type { RouteCall } from './scene';

const header =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';

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
