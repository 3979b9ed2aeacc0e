// Positions and their conversion. Source: docs/kite.md, Books.
import { inputError } from '../engine/kiteError';
import { formLookup, oneOf, optionalQuantity, requiredText } from './params';
import { productOf, requireNse } from './orderParams';
import { success, type KiteReply } from './request';
import { positionRow } from './rows';
import type { Route, RouteCall } from './scene';

export const portfolioRoutes: readonly Route[] = [
  { method: 'GET', path: '/portfolio/positions', answer: positions },
  { method: 'PUT', path: '/portfolio/positions', answer: convert },
];

function positions({ scene }: RouteCall): KiteReply {
  const { exchange } = scene;
  const rows = exchange.account
    .positions()
    .filter(({ buyQuantity, sellQuantity }) => buyQuantity + sellQuantity > 0)
    .map((one) => positionRow(one, exchange.tapeByToken(one.listing.instrumentToken)));
  return success({ net: rows, day: rows });
}

function convert({ request, scene }: RouteCall): KiteReply {
  const lookup = formLookup(request.form);
  requireNse(lookup, scene.profile);
  const { listing } = scene.exchange.tape(requiredText(lookup, 'tradingsymbol'));
  const side = oneOf(lookup, 'transaction_type', ['BUY', 'SELL'] as const);
  if (oneOf(lookup, 'position_type', ['day', 'overnight'] as const) === 'overnight') {
    throw inputError('There is no overnight position to convert.');
  }
  const [from, to] = [
    productOf(lookup, scene.profile, 'old_product'),
    productOf(lookup, scene.profile, 'new_product'),
  ];
  const quantity = optionalQuantity(lookup, 'quantity') ?? 0;
  scene.exchange.convert({ listing, side, from, to, quantity });
  return success(true);
}
