// The last look at an order, whoever sends it: can such an order be meant at all? The bounds are ten times what the
// configuration lets risk approve, so that no exit of an approved position ever meets them.
import { formatRupees, paise, type Paise } from '../units';
import type { OrderPricing, OrderRequest } from './order';

const quantityMax = 1_000_000;
const priceMax = paise(10_00_000_00);
const valueMax = paise(100_00_00_000_00);

const symbolForm = /^[A-Z0-9&-]{1,32}$/;

/** How tags look at the broker. */
export interface TagForm {
  readonly lengthMax: number;
  /** Every character of a tag is one of these. */
  readonly alphabet: string;
}

/** Every price an order would be sent with. */
function pricesOf(pricing: OrderPricing): readonly Paise[] {
  switch (pricing.kind) {
    case 'LIMIT':
      return [pricing.price];
    case 'SL':
      return [pricing.trigger, pricing.price];
    case 'OCO':
      return [pricing, pricing.target].flatMap(({ trigger, price }) => [trigger, price]);
  }
}

const isWithin = (value: number, most: number): boolean =>
  Number.isSafeInteger(value) && value > 0 && value <= most;

/** Why the order must not be sent; null where nothing speaks against it. */
export function whyUnsendable(order: OrderRequest, tagForm: TagForm): string | null {
  const { tag, tradingsymbol, quantity, pricing } = order;
  if (!symbolForm.test(tradingsymbol)) return `"${tradingsymbol}" is no tradingsymbol`;
  if (!isTag(tag, tagForm)) return `"${tag}" is no tag the broker would give back`;
  if (!isWithin(quantity, quantityMax))
    return `the quantity is ${quantity}; it must be 1 to ${quantityMax}`;
  const prices = pricesOf(pricing);
  const odd = prices.find((price) => !isWithin(price, priceMax));
  if (odd !== undefined) return `a price is ${odd} paise; it must be 1 to ${priceMax}`;
  const value = paise(quantity * Math.max(...prices));
  return value > valueMax
    ? `the order is worth ${formatRupees(value)}; it must not exceed ${formatRupees(valueMax)}`
    : null;
}

const isTag = (tag: string, { lengthMax, alphabet }: TagForm): boolean =>
  tag !== '' &&
  tag.length <= lengthMax &&
  Array.from(tag).every((letter) => alphabet.includes(letter));
