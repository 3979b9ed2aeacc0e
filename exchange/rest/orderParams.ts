// Turns order parameters of a request into order terms. Clients repeat path variables in the body; these are
// ignored. Sources: docs/kite.md, Transport and Orders.
import { paise, shares } from '../../domain/units';
import { KiteError, inputError, unknownInstrument } from '../engine/kiteError';
import type { OrderChanges, OrderTerms, OrderType, Validity, Variety } from '../engine/order';
import {
  invalid,
  oneOf,
  optionalNumber,
  optionalPrice,
  optionalQuantity,
  requiredText,
  type Lookup,
} from './params';
import { productCodes, segments, type Profile } from './profile';

const orderTypes: readonly OrderType[] = ['MARKET', 'LIMIT', 'SL', 'SL-M'];
const validities: readonly Validity[] = ['DAY', 'IOC', 'TTL'];

/** @throws KiteError naming the first parameter that is wrong, or what the account may not trade. */
export function orderTerms(variety: Variety, lookup: Lookup, profile: Profile): OrderTerms {
  requireNse(lookup, profile);
  const tradingsymbol = requiredText(lookup, 'tradingsymbol');
  const side = oneOf(lookup, 'transaction_type', ['BUY', 'SELL'] as const);
  const orderType = oneOf(lookup, 'order_type', orderTypes);
  const quantity = optionalQuantity(lookup, 'quantity');
  if (quantity === undefined) throw inputError('Missing `quantity`.');
  if (quantity === 0) throw invalid('quantity');
  const isPriced = orderType === 'LIMIT' || orderType === 'SL';
  const isStop = orderType === 'SL' || orderType === 'SL-M';
  const validity = oneOf(lookup, 'validity', validities, 'DAY');
  const price = optionalPrice(lookup, 'price') ?? paise(0);
  const triggerPrice = optionalPrice(lookup, 'trigger_price') ?? paise(0);
  return {
    variety,
    tradingsymbol,
    side,
    product: productOf(lookup, profile),
    orderType,
    quantity,
    price: isPriced ? price : paise(0),
    triggerPrice: isStop ? triggerPrice : paise(0),
    disclosedQuantity: optionalQuantity(lookup, 'disclosed_quantity') ?? shares(0),
    validity,
    validityTtl: validity === 'TTL' ? ttlMinutes(lookup) : 0,
    marketProtection: protection(lookup) ?? 0,
    tag: tagOf(lookup),
    icebergLegs: variety === 'iceberg' ? icebergLegs(lookup) : 0,
  };
}

/** The changes of a modification; absent parameters stay undefined. @throws KiteError */
export function orderChanges(lookup: Lookup): OrderChanges {
  const isGiven = (name: string): boolean => (lookup(name) ?? '') !== '';
  const quantity = optionalQuantity(lookup, 'quantity');
  return {
    orderType: isGiven('order_type') ? oneOf(lookup, 'order_type', orderTypes) : undefined,
    quantity: quantity === 0 ? undefined : quantity,
    price: optionalPrice(lookup, 'price'),
    triggerPrice: optionalPrice(lookup, 'trigger_price'),
    disclosedQuantity: optionalQuantity(lookup, 'disclosed_quantity'),
    validity: isGiven('validity') ? oneOf(lookup, 'validity', validities) : undefined,
    marketProtection: protection(lookup),
  };
}

/** The exchange must be NSE, the only one that trades here, and enabled. */
export function requireNse(lookup: Lookup, profile: Profile): void {
  const exchange = oneOf(lookup, 'exchange', segments);
  if (!profile.segments.includes(exchange)) {
    throw new KiteError(403, 'PermissionException', `The account is not enabled for ${exchange}.`);
  }
  if (exchange !== 'NSE') throw unknownInstrument();
}

export function productOf(lookup: Lookup, profile: Profile, name = 'product'): 'MIS' | 'CNC' {
  const product = oneOf(lookup, name, productCodes);
  const isEnabled = profile.products.includes(product);
  if (isEnabled && (product === 'MIS' || product === 'CNC')) return product;
  throw inputError(`Product ${product} is not available for equity orders on this account.`);
}

function ttlMinutes(lookup: Lookup): number {
  const minutes = optionalNumber(lookup, 'validity_ttl', [1, 375]);
  if (minutes === undefined) throw inputError('Missing `validity_ttl`.');
  return minutes;
}

function icebergLegs(lookup: Lookup): number {
  const legs = optionalNumber(lookup, 'iceberg_legs', [2, 50]);
  if (legs === undefined) throw inputError('Missing `iceberg_legs`.');
  if (!Number.isInteger(legs)) throw invalid('iceberg_legs');
  return legs;
}

/** −1 or 0…100 percent. */
function protection(lookup: Lookup): number | undefined {
  const pct = optionalNumber(lookup, 'market_protection', [-1, 100]);
  if (pct !== undefined && pct < 0 && pct !== -1) throw invalid('market_protection');
  return pct;
}

function tagOf(lookup: Lookup): string | null {
  const tag = lookup('tag');
  if (tag === undefined || tag === '') return null;
  if (/^[A-Za-z0-9]{1,20}$/.test(tag)) return tag;
  throw inputError('Invalid `tag`: at most 20 letters and digits are allowed.');
}
