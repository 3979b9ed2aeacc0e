// Placing, changing, cancelling and reading orders and trades. Source: docs/kite.md, Orders.
import { KiteError, inputError } from '../engine/kiteError';
import { isDone, type OrderTerms, type Variety } from '../engine/order';
import { quantityPerOrderMax } from '../engine/preChecks';
import { autoslices } from '../engine/slices';
import { formLookup, isSet } from './params';
import { orderChanges, orderTerms } from './orderParams';
import { success, type KiteReply } from './request';
import { orderRow, tradeRow, type Row } from './rows';
import type { Route, RouteCall, Scene } from './scene';

export const orderRoutes: readonly Route[] = [
  { method: 'POST', path: '/orders/*', answer: place },
  { method: 'PUT', path: '/orders/*/*', answer: modify },
  { method: 'DELETE', path: '/orders/*/*', answer: cancel },
  { method: 'GET', path: '/orders', answer: listOrders },
  { method: 'GET', path: '/orders/*', answer: orderHistory },
  { method: 'GET', path: '/orders/*/trades', answer: orderTrades },
  {
    method: 'GET',
    path: '/trades',
    answer: ({ scene }) => success(scene.exchange.account.fills.map(tradeRow)),
  },
];

function place({ request, parts, scene }: RouteCall): KiteReply {
  const variety = varietyOf(parts[0] ?? '');
  const lookup = formLookup(request.form);
  const terms = orderTerms(variety, lookup, scene.profile);
  if (terms.variety === 'iceberg') {
    return success({ order_id: scene.exchange.placeIceberg(terms).orderId });
  }
  const isSliced = isSet(lookup, 'autoslice') && terms.quantity > quantityPerOrderMax;
  if (isSliced) return success(placeSlices(terms, scene));
  return success({ order_id: scene.exchange.place(terms).orderId });
}

/**
 * Places the slices and answers with the first, with the others as its children. Each counts as an order
 * against the limits.
 */
function placeSlices(terms: OrderTerms, scene: Scene): Row | readonly Row[] {
  const [first, ...others] = autoslices(terms);
  const { orderId } = scene.exchange.place(first ?? terms);
  const children = others.map((slice) => childRow(slice, scene));
  const parent = { order_id: orderId };
  return scene.quirks.autosliceArray ? [parent, ...children] : { ...parent, children };
}

function childRow(slice: OrderTerms, scene: Scene): Row {
  try {
    scene.limiter.admit('order', scene.hostNow());
    return { order_id: scene.exchange.place(slice).orderId };
  } catch (error) {
    if (!(error instanceof KiteError)) throw error;
    const { status: code, errorType: error_type, message } = error;
    return { error: { code, error_type, message, data: null } };
  }
}

function modify({ request, parts, scene }: RouteCall): KiteReply {
  const [variety = '', orderId = ''] = parts;
  varietyOf(variety);
  const changes = orderChanges(formLookup(request.form));
  return success({ order_id: scene.exchange.modify(orderId, changes).orderId });
}

function cancel({ parts, scene }: RouteCall): KiteReply {
  const [variety = '', orderId = ''] = parts;
  varietyOf(variety);
  return success({ order_id: scene.exchange.cancel(orderId).orderId });
}

function listOrders({ scene }: RouteCall): KiteReply {
  const { userId } = scene.profile;
  const { exchange } = scene;
  const visible = exchange.desk.all().filter((order) => exchange.isVisible(order));
  return success(visible.map((order) => orderRow(order, userId)));
}

function orderHistory({ parts, scene }: RouteCall): KiteReply {
  const order = scene.exchange.visibleOrder(parts[0] ?? '');
  const rows = isDone(order) ? order.history : [...order.history.slice(0, -1), order];
  return success(rows.map((row) => orderRow(row, scene.profile.userId)));
}

function orderTrades({ parts, scene }: RouteCall): KiteReply {
  const order = scene.exchange.knownOrder(parts[0] ?? '');
  const fills = scene.exchange.account.fills.filter((fill) => fill.orderId === order.orderId);
  return success(fills.map(tradeRow));
}

/** The accepted varieties, and the reason for each refused one. */
function varietyOf(text: string): Variety {
  switch (text) {
    case 'regular':
    case 'iceberg':
    case 'amo':
      return text;
    case 'co':
      throw new KiteError(400, 'InputException', 'Cover orders are blocked for this account.');
    case 'auction':
      throw inputError('No auction is open for this instrument.');
    default:
      throw inputError('Invalid `variety`.');
  }
}
