// Closed trades as a tax return wants them: what was opened against what closed it, first in, first out, within
// each position. A position that is closed over several sessions is a trade for each of them.
import { paise, sideSign, type Direction, type EpochMs, type Paise, type Product } from '../units';
import { addCosts, noCosts, slice, costKinds, type CostedFill, type Costs } from './costs';

export interface ClosedTrade {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly product: Product;
  readonly direction: Direction;
  readonly quantity: number;
  readonly opened: { readonly session: string; readonly at: EpochMs; readonly value: Paise };
  readonly closed: { readonly session: string; readonly at: EpochMs; readonly value: Paise };
  readonly costs: Costs;
}

/** Bought and sold in one session, whatever the product: no delivery. */
export const isIntraday = ({ opened, closed }: ClosedTrade): boolean =>
  opened.session === closed.session;

export const buyValue = ({ direction, opened, closed }: ClosedTrade): Paise =>
  direction === 'LONG' ? opened.value : closed.value;

export const sellValue = ({ direction, opened, closed }: ClosedTrade): Paise =>
  direction === 'LONG' ? closed.value : opened.value;

/** Before costs. */
export const grossOf = (trade: ClosedTrade): Paise => paise(sellValue(trade) - buyValue(trade));

/** A part of a fill, from one of its shares to another. */
interface Part {
  readonly fill: CostedFill;
  readonly from: number;
  readonly until: number;
}

interface Lot {
  readonly fill: CostedFill;
  taken: number;
}

/** The parts of fills that close each other, in order of time. @param fills of one position. */
function matched(fills: readonly CostedFill[]): readonly (readonly [open: Part, close: Part])[] {
  const pairs: (readonly [Part, Part])[] = [];
  let lots: Lot[] = [];
  for (const fill of fills.toSorted((left, right) => left.at - right.at)) {
    let from = 0;
    for (const lot of lots.filter(({ fill: { side } }) => side !== fill.side)) {
      const quantity = Math.min(lot.fill.quantity - lot.taken, fill.quantity - from);
      if (quantity === 0) break;
      pairs.push([
        { fill: lot.fill, from: lot.taken, until: lot.taken + quantity },
        { fill, from, until: from + quantity },
      ]);
      lot.taken += quantity;
      from += quantity;
    }
    lots = lots.filter((lot) => lot.taken < lot.fill.quantity);
    if (from < fill.quantity) lots.push({ fill, taken: from });
  }
  return pairs;
}

const costsOf = ({ fill, from, until }: Part): Costs =>
  Object.fromEntries(
    costKinds.map((kind) => [kind, slice(fill.costs[kind], [from, until], fill.quantity)]),
  ) as unknown as Costs;

const valueOf = (parts: readonly Part[]): Paise =>
  paise(parts.reduce((sum, { fill, from, until }) => sum + (until - from) * fill.price, 0));

function tradeOf(pairs: readonly (readonly [Part, Part])[]): ClosedTrade | undefined {
  const opens = pairs.map(([open]) => open);
  const closes = pairs.map(([, close]) => close);
  const [first, last] = [opens[0]?.fill, closes.at(-1)?.fill];
  if (first === undefined || last === undefined) return undefined;
  return {
    intentId: first.intentId,
    tradingsymbol: first.tradingsymbol,
    product: first.product,
    direction: sideSign(first.side) === 1 ? 'LONG' : 'SHORT',
    quantity: opens.reduce((sum, { from, until }) => sum + until - from, 0),
    opened: { session: first.session, at: first.at, value: valueOf(opens) },
    closed: { session: last.session, at: last.at, value: valueOf(closes) },
    costs: [...opens, ...closes].map(costsOf).reduce(addCosts, noCosts),
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), [...group, item]);
  }
  return [...groups.values()];
}

/** In order of their close. What is still open is in none of them. */
export const closedTrades = (fills: readonly CostedFill[]): readonly ClosedTrade[] =>
  grouped(fills, ({ intentId }) => intentId)
    .flatMap((own) =>
      grouped(
        matched(own),
        ([open, close]) => `${open.fill.session} ${close.fill.session} ${open.fill.side}`,
      ),
    )
    .flatMap((pairs) => tradeOf(pairs) ?? [])
    .toSorted((left, right) => left.closed.at - right.closed.at);
