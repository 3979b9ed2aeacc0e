// Arms faults by POST /paper/faults with a kind, and carries out the calls that act at once. GET lists what
// is armed and what has happened; DELETE disarms.
import { paiseFromRupees, rupeesFromPaise, shares } from '../../domain/units';
import { faultKind, type FaultSpec } from '../faults/faultBox';
import { operations } from '../faults/operations';
import { slowMsMax } from '../faults/restFaults';
import { success, type KiteReply, type KiteRequest } from '../rest/request';
import { orderTerms } from '../rest/orderParams';
import { oneOf, optionalNumber, requiredText, type Lookup } from '../rest/params';
import { bodyLookup } from './body';
import type { AdminAnswer, AdminScene } from './scene';

export const faultRoutes: Readonly<Record<string, AdminAnswer>> = {
  'GET /paper/faults': ({ faults }) =>
    success({ armed: faults.list(), happened: faults.happened() }),
  'POST /paper/faults': arm,
  'DELETE /paper/faults': disarm,
  'POST /paper/terminal-order': terminalOrder,
  'POST /paper/quirks': setQuirks,
  'POST /paper/misstate': misstate,
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
