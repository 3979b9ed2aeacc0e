// Positions, holdings, conversion, margins and the virtual contract note. Margins and charges are asked
// with JSON bodies. Sources: reference kite.md 1.2, 1.6.
import { addCharges, chargesForOrder, noCharges, type Charges } from '../../../domain/charges';
import { paise } from '../../../domain/units';
import { blockedMargin, marginPct } from '../engine/margins';
import { inputError } from '../engine/kiteError';
import { journalLine } from '../engine/journal';
import type { OrderTerms } from '../engine/order';
import { sketchOrder } from '../engine/orderDesk';
import {
  formLookup,
  objectLookup,
  oneOf,
  optionalPrice,
  optionalQuantity,
  requiredText,
  type Lookup,
} from './params';
import { orderTerms, productOf, requireNse } from './orderParams';
import { jsonBody, success, type KiteReply, type KiteRequest } from './request';
import { chargesRow, positionRow, type Row } from './rows';
import type { Route, RouteCall, Scene } from './scene';

export const portfolioRoutes: readonly Route[] = [
  { method: 'GET', path: '/portfolio/positions', answer: positions },
  { method: 'PUT', path: '/portfolio/positions', answer: convert },
  { method: 'GET', path: '/portfolio/holdings', answer: () => success([]) },
  { method: 'GET', path: '/portfolio/holdings/auctions', answer: () => success([]) },
  { method: 'POST', path: '/margins/orders', answer: orderMargins },
  { method: 'POST', path: '/margins/basket', answer: basketMargins },
  { method: 'POST', path: '/charges/orders', answer: contractNote },
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
  requireNse(lookup);
  const { exchange } = scene;
  const { listing } = exchange.tape(requiredText(lookup, 'tradingsymbol'));
  const side = oneOf(lookup, 'transaction_type', ['BUY', 'SELL'] as const);
  oneOf(lookup, 'position_type', ['day', 'overnight'] as const);
  const [from, to] = [productOf(lookup, 'old_product'), productOf(lookup, 'new_product')];
  const quantity = optionalQuantity(lookup, 'quantity') ?? 0;
  const net = exchange.account.netQuantity(listing.instrumentToken, from);
  const open = side === 'BUY' ? net : -net;
  if (from === to) throw inputError('`old_product` and `new_product` must differ.');
  if (quantity <= 0 || quantity > open) throw inputError('Invalid `quantity` for the conversion.');
  exchange.account.convert(listing, from, to, quantity);
  const { tradingsymbol } = listing;
  exchange.journal(journalLine(exchange.now, 'convert', { tradingsymbol, from, to, quantity }));
  return success(true);
}

function orderMargins({ request, scene }: RouteCall): KiteReply {
  return success(orderObjects(request).map((lookup) => marginRow(lookup, scene)));
}

function basketMargins({ request, scene }: RouteCall): KiteReply {
  const rows = orderObjects(request).map((lookup) => marginRow(lookup, scene));
  const initial = rows.reduce((sum, row) => sum + Number(row['total']), 0);
  const final = basketTotal(request, scene);
  const sum = (total: number): Row => ({ ...emptyMargin, total });
  const charges = orderObjects(request)
    .map((lookup) => chargesOf(termsOf(lookup, scene), scene))
    .reduce(addCharges, noCharges);
  return success({
    initial: sum(initial),
    final: sum(final),
    orders: rows,
    charges: chargesRow(charges),
  });
}

/** What the basket blocks on top of the books: opposite orders of one stock set each other off. */
function basketTotal(request: KiteRequest, scene: Scene): number {
  const { account, desk } = scene.exchange;
  const live = request.query.get('consider_positions') === 'false' ? [] : desk.allLive();
  const sketches = orderObjects(request).map((lookup) => {
    const terms = termsOf(lookup, scene);
    return sketchOrder(terms, scene.exchange.tape(terms.tradingsymbol).listing);
  });
  return (blockedMargin(account, [...live, ...sketches]) - blockedMargin(account, live)) / 100;
}

const emptyMargin = {
  type: 'equity',
  span: 0,
  exposure: 0,
  option_premium: 0,
  additional: 0,
  bo: 0,
  cash: 0,
  var: 0,
  pnl: { realised: 0, unrealised: 0 },
  leverage: 0,
  total: 0,
};

function marginRow(lookup: Lookup, scene: Scene): Row {
  const terms = termsOf(lookup, scene);
  const { listing } = scene.exchange.tape(terms.tradingsymbol);
  const pct = marginPct(listing, terms.product);
  const total = Math.ceil((terms.quantity * terms.price * pct) / 100) / 100;
  return {
    ...emptyMargin,
    tradingsymbol: terms.tradingsymbol,
    exchange: 'NSE',
    var: total,
    leverage: 100 / pct,
    charges: chargesRow(chargesOf(terms, scene)),
    total,
  };
}

/** The order's terms with a price: its own, its trigger, else the last one. */
function termsOf(lookup: Lookup, scene: Scene): OrderTerms {
  const terms = orderTerms('regular', lookup);
  const { lastPrice } = scene.exchange.tape(terms.tradingsymbol);
  const price = terms.price > 0 ? terms.price : terms.triggerPrice;
  return { ...terms, price: price > 0 ? price : lastPrice };
}

function chargesOf(terms: OrderTerms, scene: Scene): Charges {
  const { side, product, quantity, price } = terms;
  const turnover = paise(quantity * price);
  return chargesForOrder({ side, product, date: scene.exchange.date, turnover });
}

function contractNote({ request, scene }: RouteCall): KiteReply {
  return success(
    orderObjects(request).map((lookup) => {
      requiredText(lookup, 'order_id');
      const price = optionalPrice(lookup, 'average_price');
      if (price === undefined || price === 0) throw inputError('Invalid `average_price`.');
      const terms = { ...orderTerms('regular', lookup), price };
      return {
        transaction_type: terms.side,
        tradingsymbol: terms.tradingsymbol,
        exchange: 'NSE',
        variety: 'regular',
        product: terms.product,
        order_type: terms.orderType,
        quantity: terms.quantity,
        price: price / 100,
        charges: chargesRow(chargesOf(terms, scene)),
      };
    }),
  );
}

const basketOrdersMax = 200;

function orderObjects(request: KiteRequest): readonly Lookup[] {
  const body = jsonBody(request);
  if (!Array.isArray(body) || body.length === 0 || body.length > basketOrdersMax) {
    throw inputError('The request body must be a list of orders.');
  }
  return body.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      throw inputError('Each order must be an object.');
    }
    return objectLookup(item as Record<string, unknown>);
  });
}
