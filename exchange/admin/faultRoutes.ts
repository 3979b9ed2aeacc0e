// Arms faults by POST /paper/faults with a kind, and carries out the calls that act at once. GET lists what
// is armed and what has happened; DELETE disarms.
import { paise, paiseFromRupees, rupeesFromPaise, shares } from '../../domain/units';
import { faultKind, type FaultSpec } from '../faults/faultBox';
import { operations } from '../faults/operations';
import { slowMsMax } from '../faults/restFaults';
import { inputError } from '../engine/kiteError';
import { success, type KiteReply, type KiteRequest } from '../rest/request';
import { orderTerms } from '../rest/orderParams';
import { oneOf, optionalNumber, optionalPrice, requiredText, type Lookup } from '../rest/params';
import { bodyLookup } from './body';
import type { AdminAnswer, AdminScene } from './scene';

export const faultRoutes: Readonly<Record<string, AdminAnswer>> = {
  'GET /paper/faults': ({ faults }) =>
    success({ armed: faults.list(), happened: faults.happened() }),
  'POST /paper/faults': arm,
  'DELETE /paper/faults': disarm,
  'POST /paper/fill-limit': limitFills,
  'POST /paper/circuit': circuit,
  'POST /paper/band': slideBand,
  'POST /paper/terminal-order': terminalOrder,
  'POST /paper/quirks': setQuirks,
  'POST /paper/misstate': misstate,
  'POST /paper/authorise': authorise,
  'POST /paper/session/expire': ({ session }) => {
    session.expire();
    return success(true);
  },
  'POST /paper/session/login-elsewhere': ({ session }) => {
    session.loginElsewhere();
    return success(true);
  },
  'POST /paper/ticker/disconnect': (scene) => {
    scene.disconnectAll();
    return success(true);
  },
};

function arm({ faults }: AdminScene, request: KiteRequest): KiteReply {
  const spec = faultSpec(bodyLookup(request));
  faults.arm(spec);
  return success(spec);
}

/** Reads a fault out of parameters. @throws KiteError naming the one that is wrong. */
export function faultSpec(lookup: Lookup): FaultSpec {
  const isGiven = (name: string): boolean => lookup(name) !== undefined;
  return {
    kind: faultKind(requiredText(lookup, 'kind')),
    on: isGiven('on') ? oneOf(lookup, 'on', operations) : undefined,
    times: optionalNumber(lookup, 'times', [1, 1e9]),
    probability: optionalNumber(lookup, 'probability', [0, 1]),
    ms: optionalNumber(lookup, 'ms', [0, slowMsMax]),
    status: optionalNumber(lookup, 'status', [500, 504]),
    message: lookup('message'),
    pct: optionalNumber(lookup, 'pct', [-90, 900]),
  };
}

function disarm({ faults }: AdminScene, request: KiteRequest): KiteReply {
  const kind = request.query.get('kind');
  faults.clear(kind === null ? undefined : faultKind(kind));
  return success(faults.list());
}

/** `{quantity}`: the largest fill from now on; without it the limit ends. */
function limitFills({ exchange }: AdminScene, request: KiteRequest): KiteReply {
  const quantity = optionalNumber(bodyLookup(request), 'quantity', [1, 1e9]);
  exchange.floor.fillQuantityMax = quantity ?? Number.MAX_SAFE_INTEGER;
  return success({ quantity: quantity ?? null });
}

/** `{tradingsymbol, side: upper|lower|none}`: locks the stock at its limit, or unlocks it. */
function circuit(scene: AdminScene, request: KiteRequest): KiteReply {
  const lookup = bodyLookup(request);
  const symbol = requiredText(lookup, 'tradingsymbol');
  const side = oneOf(lookup, 'side', ['upper', 'lower', 'none'] as const);
  if (side === 'none') scene.exchange.circuits.unlock(symbol);
  else scene.exchange.circuits.lock(symbol, side);
  scene.flush();
  return success({ tradingsymbol: symbol, side });
}

/** `{tradingsymbol, lower, upper}` in rupees: moves the stock's band. */
function slideBand(scene: AdminScene, request: KiteRequest): KiteReply {
  const lookup = bodyLookup(request);
  const symbol = requiredText(lookup, 'tradingsymbol');
  const lower = optionalPrice(lookup, 'lower') ?? paise(0);
  const upper = optionalPrice(lookup, 'upper') ?? paise(0);
  if (lower <= 0 || upper <= lower) throw inputError('`lower` must be positive and below `upper`.');
  scene.exchange.circuits.slide(symbol, { lower, upper });
  scene.flush();
  return success({ tradingsymbol: symbol, lower: lower / 100, upper: upper / 100 });
}

/** `{openUpdates?, autosliceArray?}`: which reading of Kite to follow from now on. */
function setQuirks({ quirks }: AdminScene, request: KiteRequest): KiteReply {
  const lookup = bodyLookup(request);
  for (const name of ['openUpdates', 'autosliceArray'] as const) {
    if (lookup(name) === undefined) continue;
    quirks[name] = oneOf(lookup, name, ['true', 'false'] as const) === 'true';
  }
  return success(quirks);
}

/** `{chargesPct?, withheld?}`: what the account is told of charges and of free money (rupees) that is not so. */
function misstate({ misstatement }: AdminScene, request: KiteRequest): KiteReply {
  const lookup = bodyLookup(request);
  const { chargesPct, withheld } = misstatement;
  const rupees = optionalNumber(lookup, 'withheld', [-1e9, 1e9]);
  misstatement.chargesPct = optionalNumber(lookup, 'chargesPct', [-100, 1_000]) ?? chargesPct;
  misstatement.withheld = rupees === undefined ? withheld : paiseFromRupees(rupees);
  return success({ ...misstatement, withheld: rupeesFromPaise(misstatement.withheld) });
}

/**
 * `{tradingsymbol}`: authorises the holding, as the user does on the depository's page. All settled shares
 * may then be sold.
 */
function authorise({ exchange }: AdminScene, request: KiteRequest): KiteReply {
  const symbol = requiredText(bodyLookup(request), 'tradingsymbol');
  const holding = exchange.account.holdings.find(({ listing }) => listing.tradingsymbol === symbol);
  if (holding === undefined) throw inputError(`There is no holding of ${symbol}.`);
  exchange.account.authorise(holding);
  return success({ tradingsymbol: symbol, authorised: holding.quantity });
}

/** An order as if placed by hand on the account's other terminal; Kite's order parameters. */
function terminalOrder(scene: AdminScene, request: KiteRequest): KiteReply {
  const lookup = bodyLookup(request);
  const withExchange: Lookup = (name) => lookup(name) ?? (name === 'exchange' ? 'NSE' : undefined);
  const terms = {
    ...orderTerms('regular', withExchange, scene.profile),
    disclosedQuantity: shares(0),
  };
  const order = scene.exchange.place(terms, 'terminal');
  return success({ order_id: order.orderId });
}
