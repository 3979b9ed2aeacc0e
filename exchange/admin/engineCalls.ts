// Admin calls that change the market or the account. Each is written into the journal before it acts, so that
// a killed exchange can be rebuilt from it.
import { inputError } from '../engine/kiteError';
import type { Exchange } from '../engine/exchange';
import {
  objectLookup,
  oneOf,
  optionalNumber,
  optionalPrice,
  optionalQuantity,
  requiredText,
  type Lookup,
} from '../rest/params';
import { success } from '../rest/request';
import { paise } from '../../domain/units';
import { bodyLookup } from './body';
import type { AdminAnswer } from './scene';

/** What a call does, and what is answered. */
interface Prepared {
  readonly act: () => void;
  readonly told: Readonly<Record<string, unknown>> & { readonly tradingsymbol?: string };
}

/** Reads the call. @throws KiteError naming what is wrong; then nothing has changed. */
type EngineCall = (exchange: Exchange, lookup: Lookup) => Prepared;

const calls: Readonly<Record<string, EngineCall>> = {
  'POST /paper/price': price,
  'POST /paper/fill-limit': fillLimit,
  'POST /paper/circuit': circuit,
  'POST /paper/band': band,
  'POST /paper/authorise': authorise,
};

/** The calls as routes. */
export const engineRoutes: Readonly<Record<string, AdminAnswer>> = Object.fromEntries(
  Object.entries(calls).map(([name, call]) => [name, routeOf(name, call)]),
);

function routeOf(name: string, call: EngineCall): AdminAnswer {
  return ({ exchange, flush }, request) => {
    const { act, told } = call(exchange, bodyLookup(request));
    exchange.noteCall(name, request.body, told.tradingsymbol);
    act();
    flush();
    return success(told);
  };
}

/** Does once more what a line of the journal says. @throws KiteError for a call that is not known. */
export function repeatCall(exchange: Exchange, name: string, body: string): void {
  const call = calls[name];
  if (call === undefined) throw inputError(`there is no call ${name}`);
  const lookup = objectLookup(JSON.parse(body) as Record<string, unknown>);
  const { act, told } = call(exchange, lookup);
  exchange.noteCall(name, body, told.tradingsymbol);
  act();
}

/** Moves a stock to a price with a trade; `volume` defaults to a minute's worth. */
function price(exchange: Exchange, lookup: Lookup): Prepared {
  const tradingsymbol = requiredText(lookup, 'tradingsymbol');
  const value = optionalPrice(lookup, 'price');
  if (value === undefined) throw inputError('Missing `price`.');
  const { listing } = exchange.tape(tradingsymbol);
  const volume = optionalQuantity(lookup, 'volume') ?? listing.minuteVolume;
  return {
    act: () => exchange.print(tradingsymbol, value, volume),
    told: { tradingsymbol, price: value / 100, volume },
  };
}

/** `{quantity}`: the largest fill from now on; without it the limit ends. */
function fillLimit({ floor }: Exchange, lookup: Lookup): Prepared {
  const quantity = optionalNumber(lookup, 'quantity', [1, 1e9]);
  return {
    act: () => void (floor.fillQuantityMax = quantity ?? Number.MAX_SAFE_INTEGER),
    told: { quantity: quantity ?? null },
  };
}

/** `{tradingsymbol, side: upper|lower|none}`: locks the stock at its limit, or unlocks it. */
function circuit(exchange: Exchange, lookup: Lookup): Prepared {
  const tradingsymbol = requiredText(lookup, 'tradingsymbol');
  const side = oneOf(lookup, 'side', ['upper', 'lower', 'none'] as const);
  const { circuits } = exchange;
  exchange.tape(tradingsymbol);
  return {
    act: () =>
      side === 'none' ? circuits.unlock(tradingsymbol) : circuits.lock(tradingsymbol, side),
    told: { tradingsymbol, side },
  };
}

/** `{tradingsymbol, lower, upper}` in rupees: moves the stock's band. */
function band(exchange: Exchange, lookup: Lookup): Prepared {
  const tradingsymbol = requiredText(lookup, 'tradingsymbol');
  const lower = optionalPrice(lookup, 'lower') ?? paise(0);
  const upper = optionalPrice(lookup, 'upper') ?? paise(0);
  if (lower <= 0 || upper <= lower) throw inputError('`lower` must be positive and below `upper`.');
  exchange.tape(tradingsymbol);
  return {
    act: () => exchange.circuits.slide(tradingsymbol, { lower, upper }),
    told: { tradingsymbol, lower: lower / 100, upper: upper / 100 },
  };
}

/**
 * `{tradingsymbol}`: authorises the holding, as the user does on the depository's page. All settled shares
 * may then be sold.
 */
function authorise({ account }: Exchange, lookup: Lookup): Prepared {
  const symbol = requiredText(lookup, 'tradingsymbol');
  const holding = account.holdings.find(({ listing }) => listing.tradingsymbol === symbol);
  if (holding === undefined) throw inputError(`There is no holding of ${symbol}.`);
  return {
    act: () => account.authorise(holding),
    told: { tradingsymbol: symbol, authorised: holding.quantity },
  };
}
