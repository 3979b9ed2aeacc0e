// Margins of orders and baskets, and the virtual contract note. They take JSON bodies and change nothing.
// Source: docs/kite.md, Books.
import { addCharges, noCharges, type Charges } from '../../domain/charges';
import { paise, type Paise } from '../../domain/units';
import { Account } from '../engine/account';
import { deliverableQuantity } from '../engine/holdings';
import { inputError } from '../engine/kiteError';
import { blockedMargin, marginPct, orderMargin } from '../engine/margins';
import type { OrderTerms } from '../engine/order';
import { sketchOrder } from '../engine/orderDesk';
import { orderTerms } from './orderParams';
import { objectLookup, optionalNumber, requiredText, type Lookup } from './params';
import { jsonBody, success, type KiteReply, type KiteRequest } from './request';
import { chargesRow, type Row } from './rows';
import type { Route, RouteCall, Scene } from './scene';

export const marginRoutes: readonly Route[] = [
  { method: 'POST', path: '/margins/orders', answer: orderMargins },
  { method: 'POST', path: '/margins/basket', answer: basketMargins },
  { method: 'POST', path: '/charges/orders', answer: contractNote },
];

function orderMargins({ request, scene }: RouteCall): KiteReply {
  return success(orderObjects(request).map((lookup) => marginRow(lookup, scene)));
}

function basketMargins({ request, scene }: RouteCall): KiteReply {
  const rows = orderObjects(request).map((lookup) => marginRow(lookup, scene));
  const initial = rows.reduce((sum, row) => sum + Number(row['total']), 0);
  const final = basketTotal(request, scene);
  const sum = (total: number): Row => ({ ...emptyMargin, ...nameless, total });
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

/**
 * What the basket blocks in addition to the books, or alone when positions are not considered. Opposite
 * orders in one stock offset each other.
 */
function basketTotal(request: KiteRequest, scene: Scene): number {
  const { account, desk, date } = scene.exchange;
  const alone = (request.query.get('consider_positions') ?? '').toLowerCase() === 'false';
  const [books, live] = alone
    ? [new Account(account.openingCash, date), []]
    : [account, desk.allLive()];
  const sketches = orderObjects(request).map((lookup) => {
    const terms = termsOf(lookup, scene);
    return sketchOrder(terms, scene.exchange.tape(terms.tradingsymbol).listing);
  });
  return (blockedMargin(books, [...live, ...sketches]) - blockedMargin(books, live)) / 100;
}

/** The fields that the sums of a basket leave empty. */
const nameless = {
  type: '',
  tradingsymbol: '',
  exchange: '',
  charges: { ...chargesRow(noCharges), transaction_tax_type: '' },
};

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
  const total = isDelivered(terms, scene)
    ? 0
    : orderMargin(listing, terms.product, terms.quantity * terms.price) / 100;
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

/** Selling delivery shares that are held needs no money. */
function isDelivered(
  { product, side, quantity, tradingsymbol }: OrderTerms,
  scene: Scene,
): boolean {
  const { account, desk } = scene.exchange;
  const { listing } = scene.exchange.tape(tradingsymbol);
  const isSale = product === 'CNC' && side === 'SELL';
  return isSale && deliverableQuantity(account, listing, desk.allLive()) >= quantity;
}

/** The order's terms with a price: its own, its trigger, or the last price. */
function termsOf(lookup: Lookup, scene: Scene): OrderTerms {
  const terms = orderTerms('regular', lookup, scene.profile);
  const { lastPrice } = scene.exchange.tape(terms.tradingsymbol);
  const price = terms.price > 0 ? terms.price : terms.triggerPrice;
  return { ...terms, price: price > 0 ? price : lastPrice };
}

function chargesOf({ side, product, quantity, price }: OrderTerms, scene: Scene): Charges {
  return scene.exchange.account.chargesFor(side, product, paise(quantity * price));
}

function contractNote({ request, scene }: RouteCall): KiteReply {
  const { account } = scene.exchange;
  return success(
    orderObjects(request).map((lookup) => {
      requiredText(lookup, 'order_id');
      const average = optionalNumber(lookup, 'average_price', [0, 1e9]);
      if (average === undefined || average === 0) throw inputError('Invalid `average_price`.');
      const terms = orderTerms('regular', lookup, scene.profile);
      const turnover = paise(Math.round(terms.quantity * average * 100));
      const charges = account.chargesFor(terms.side, terms.product, turnover);
      return {
        transaction_type: terms.side,
        tradingsymbol: terms.tradingsymbol,
        exchange: 'NSE',
        variety: 'regular',
        product: terms.product,
        order_type: terms.orderType,
        quantity: terms.quantity,
        price: average,
        charges: chargesRow(raised(charges, scene.misstatement.chargesPct)),
      };
    }),
  );
}

/** The charges raised by so many percent: what a test has the broker misstate. */
function raised(charges: Charges, pct: number): Charges {
  const part = (amount: Paise): Paise => paise(Math.round((amount * (100 + pct)) / 100));
  const { brokerage, stt, exchange, sebi, stamp, gst } = charges;
  return addCharges(noCharges, {
    ...noCharges,
    brokerage: part(brokerage),
    stt: part(stt),
    exchange: part(exchange),
    sebi: part(sebi),
    stamp: part(stamp),
    gst: part(gst),
  });
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
