// GTT over HTTP: condition and orders come as JSON texts inside a form. Source: docs/kite.md, Triggers.
import { istText } from '../../domain/session/sessionClock';
import type { Paise } from '../../domain/units';
import { inputError } from '../engine/kiteError';
import { expiryOf, type Gtt, type GttLeg, type GttResult, type GttWish } from '../engine/gtt';
import { orderTerms } from './orderParams';
import {
  formLookup,
  objectLookup,
  oneOf,
  optionalPrice,
  requiredText,
  type Lookup,
} from './params';
import type { Profile } from './profile';
import { success, type KiteReply, type KiteRequest } from './request';
import type { Row } from './rows';
import type { Route, RouteCall, Scene } from './scene';

export const gttRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/gtt/triggers',
    answer: ({ scene }) => success(scene.exchange.gtts.all().map((gtt) => gttRow(gtt, scene))),
  },
  { method: 'POST', path: '/gtt/triggers', answer: place },
  {
    method: 'GET',
    path: '/gtt/triggers/*',
    answer: ({ parts, scene }) =>
      success(gttRow(scene.exchange.gtts.find(triggerId(parts)), scene)),
  },
  { method: 'PUT', path: '/gtt/triggers/*', answer: modify },
  {
    method: 'DELETE',
    path: '/gtt/triggers/*',
    answer: ({ parts, scene }) =>
      success({ trigger_id: scene.exchange.gtts.delete(triggerId(parts)).id }),
  },
];

function place({ request, scene }: RouteCall): KiteReply {
  return success({ trigger_id: scene.exchange.gtts.place(wishOf(request, scene)).id });
}

function modify({ request, parts, scene }: RouteCall): KiteReply {
  const { id } = scene.exchange.gtts.modify(triggerId(parts), wishOf(request, scene));
  return success({ trigger_id: id });
}

function triggerId([text = '']: readonly string[]): number {
  if (!/^\d{1,10}$/.test(text)) throw inputError('Invalid `trigger_id`.');
  return Number(text);
}

function wishOf(request: KiteRequest, { profile }: Scene): GttWish {
  const lookup = formLookup(request.form);
  const type = oneOf(lookup, 'type', ['single', 'two-leg'] as const);
  const condition = objectIn(parsed(lookup, 'condition'), 'condition');
  const conditionLookup = objectLookup(condition);
  const tradingsymbol = requiredText(conditionLookup, 'tradingsymbol');
  const lastPrice = optionalPrice(conditionLookup, 'last_price');
  if (lastPrice === undefined || lastPrice === 0) throw inputError('Missing `last_price`.');
  const prices = triggerPrices(condition['trigger_values']);
  const orders = parsed(lookup, 'orders');
  const wanted = type === 'single' ? 1 : 2;
  if (!Array.isArray(orders) || orders.length !== wanted || prices.length !== wanted) {
    throw inputError(`A ${type} trigger needs ${wanted} trigger values and ${wanted} orders.`);
  }
  const legs = prices.map((triggerPrice, index) => ({
    triggerPrice,
    terms: legTerms(objectIn(orders[index], 'orders'), tradingsymbol, profile),
  }));
  return { tradingsymbol, lastPrice, legs: legs.sort(byTrigger) };
}

const byTrigger = (left: GttLeg, right: GttLeg): number => left.triggerPrice - right.triggerPrice;

function legTerms(
  order: Record<string, unknown>,
  tradingsymbol: string,
  profile: Profile,
): GttLeg['terms'] {
  const lookup = objectLookup(order);
  const withCondition: Lookup = (name) =>
    lookup(name) ?? { exchange: 'NSE', tradingsymbol, order_type: 'LIMIT' }[name];
  const terms = orderTerms('regular', withCondition, profile);
  if (terms.orderType !== 'LIMIT') throw inputError('Only LIMIT orders are allowed in a GTT.');
  if (terms.tradingsymbol !== tradingsymbol) throw inputError('Invalid `tradingsymbol`.');
  return terms;
}

function parsed(lookup: Lookup, name: string): unknown {
  try {
    return JSON.parse(requiredText(lookup, name)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw inputError(`Invalid JSON in \`${name}\`.`);
    throw error;
  }
}

function objectIn(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw inputError(`Invalid \`${name}\`.`);
}

function triggerPrices(value: unknown): readonly Paise[] {
  if (!Array.isArray(value)) throw inputError('Invalid `trigger_values`.');
  return value.map((item: unknown) => {
    const price = optionalPrice(objectLookup({ trigger_values: item }), 'trigger_values');
    if (price === undefined || price === 0) throw inputError('Invalid `trigger_values`.');
    return price;
  });
}

function gttRow(gtt: Gtt, scene: Scene): Row {
  const { userId } = scene.profile;
  const { listing } = scene.exchange.tape(gtt.tradingsymbol);
  return {
    id: gtt.id,
    user_id: userId,
    parent_trigger: null,
    type: gtt.legs.length === 1 ? 'single' : 'two-leg',
    created_at: istText(gtt.createdAt),
    updated_at: istText(gtt.updatedAt),
    expires_at: `${expiryOf(gtt)} 00:00:00`,
    status: gtt.status,
    condition: {
      exchange: 'NSE',
      last_price: gtt.lastPrice / 100,
      tradingsymbol: gtt.tradingsymbol,
      trigger_values: gtt.legs.map(({ triggerPrice }) => triggerPrice / 100),
      instrument_token: listing.instrumentToken,
    },
    orders: gtt.legs.map((leg, index) => legRow(leg, gtt.results[index] ?? null, userId)),
    meta: {},
  };
}

const legRow = (leg: GttLeg, result: GttResult | null, userId: string): Row => ({
  exchange: 'NSE',
  tradingsymbol: leg.terms.tradingsymbol,
  product: leg.terms.product,
  order_type: leg.terms.orderType,
  transaction_type: leg.terms.side,
  quantity: leg.terms.quantity,
  price: leg.terms.price / 100,
  result: result === null ? null : resultRow(leg, result, userId),
});

const resultRow = (
  { terms, triggerPrice }: GttLeg,
  { at, orderId, rejection }: GttResult,
  userId: string,
): Row => ({
  account_id: userId,
  exchange: 'NSE',
  tradingsymbol: terms.tradingsymbol,
  validity: 'DAY',
  product: terms.product,
  order_type: terms.orderType,
  transaction_type: terms.side,
  quantity: terms.quantity,
  price: terms.price / 100,
  meta: '{}',
  timestamp: istText(at),
  triggered_at: triggerPrice / 100,
  order_result: {
    status: rejection === null ? 'success' : 'failed',
    order_id: orderId,
    rejection_reason: rejection ?? '',
  },
});
