// What each fill cost beyond its price. The ledger books costs by order, the depository's fee by stock and day;
// here they are shared among the fills they belong to, so that the parts sum to the whole to the paisa.
import type { ForeignFill } from '../position';
import { paise, type Paise, type Product } from '../units';

/** Every kind of cost the ledger books, by the name of its account. */
export const costKinds = [
  'brokerage',
  'stt',
  'exchange',
  'sebi',
  'stamp',
  'gst',
  'squareOff',
  'depository',
] as const;

export type CostKind = (typeof costKinds)[number];
export type Costs = Readonly<Record<CostKind, Paise>>;

/** One cost as the ledger has it: of an order, or of the sales of a stock. */
export interface BookedCost {
  readonly session: string;
  readonly kind: CostKind;
  readonly amount: Paise;
  readonly of: { readonly orderId: string } | { readonly soldStock: string };
}

/** A trade of one position. */
export interface ExportedFill extends ForeignFill {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly product: Product;
  /** The session it happened in, and the one its position was opened in. */
  readonly session: string;
  readonly openedIn: string;
}

export interface CostedFill extends ExportedFill {
  readonly costs: Costs;
}

export const noCosts: Costs = Object.fromEntries(
  costKinds.map((kind) => [kind, paise(0)]),
) as unknown as Costs;

export const addCosts = (left: Costs, right: Costs): Costs =>
  Object.fromEntries(
    costKinds.map((kind) => [kind, paise(left[kind] + right[kind])]),
  ) as unknown as Costs;

export const totalCosts = (costs: Costs): Paise =>
  paise(costKinds.reduce((sum, kind) => sum + costs[kind], 0));

/** The part of an amount from `from` to `until` of `whole`. Parts that meet sum to the amount. */
export const slice = (
  amount: Paise,
  [from, until]: readonly [number, number],
  whole: number,
): Paise => paise(Math.round((amount * until) / whole) - Math.round((amount * from) / whole));

/** Of these fills, those a cost belongs to. */
function concerns({ session, of }: BookedCost, fill: ExportedFill): boolean {
  if (fill.session !== session) return false;
  if ('orderId' in of) return fill.orderId === of.orderId;
  const isFromEarlier = fill.product === 'CNC' && fill.openedIn < session;
  return isFromEarlier && fill.side === 'SELL' && fill.tradingsymbol === of.soldStock;
}

const valueOf = ({ quantity, price }: ExportedFill): number => quantity * price;

/** Shares every booked cost among its fills by their value. */
export function costedFills(
  fills: readonly ExportedFill[],
  booked: readonly BookedCost[],
): readonly CostedFill[] {
  const costs = new Map<ExportedFill, Costs>();
  for (const cost of booked) {
    const own = fills.filter((fill) => concerns(cost, fill));
    const whole = own.reduce((sum, fill) => sum + valueOf(fill), 0);
    let from = 0;
    for (const fill of own) {
      const until = from + valueOf(fill);
      const part = slice(cost.amount, [from, until], whole);
      const known = costs.get(fill) ?? noCosts;
      costs.set(fill, { ...known, [cost.kind]: paise(known[cost.kind] + part) });
      from = until;
    }
  }
  return fills.map((fill) => ({ ...fill, costs: costs.get(fill) ?? noCosts }));
}
