// The account's books in integer paise: positions, cash, charges, realised profit. Every figure follows
// from the fills and the fees alone, so the journal can rebuild them. Realised profit is first-in
// first-out, which keeps it a whole number of paise.
import {
  addCharges,
  chargesForOrder,
  noCharges,
  nseRateCards,
  type Charges,
  type RateCard,
} from '../../domain/charges';
import { paise, sideSign, type Paise, type Product, type Side } from '../../domain/units';
import type { Listing } from '../market/listing';
import type { Holding } from './holdings';
import type { Fill } from './order';

/** One stock and product; quantities and values of the day. */
export interface Position {
  readonly listing: Listing;
  readonly product: Product;
  readonly buyQuantity: number;
  readonly buyValue: Paise;
  readonly sellQuantity: number;
  readonly sellValue: Paise;
  readonly realised: Paise;
}

/** The account's truth at one moment. cash = openingCash + sold − bought − charges − fees. */
export interface ExchangeBooks {
  readonly openingCash: Paise;
  readonly cash: Paise;
  readonly charges: Paise;
  /** The broker's square-off and the depository's fees, GST included; not part of `charges`. */
  readonly fees: Paise;
  readonly realisedPnl: Paise;
}

interface Lot {
  quantity: number;
  readonly price: number;
}

interface PositionState {
  readonly listing: Listing;
  readonly product: Product;
  buyQuantity: number;
  buyValue: number;
  sellQuantity: number;
  sellValue: number;
  realised: number;
  /** What is open, oldest first, all on the side of the net quantity. */
  lots: Lot[];
}

interface OrderTurnover {
  readonly fill: Fill;
  turnover: number;
}

export interface AccountTerms {
  readonly holdings?: readonly Holding[];
  /** What is charged, by date; NSE through Zerodha when absent. */
  readonly rateCards?: readonly RateCard[] | undefined;
}

export class Account {
  readonly openingCash: Paise;
  readonly holdings: readonly Holding[];
  private readonly rateCards: readonly RateCard[];
  readonly fills: Fill[] = [];
  private readonly date: string;
  private readonly states = new Map<string, PositionState>();
  private readonly turnovers = new Map<string, OrderTurnover>();
  /** Shares the depository has authorised since the day began, by token. */
  private readonly authorised = new Map<number, number>();
  private feeTotal = 0;
  /** Stocks of which shares have left the account today, by token. */
  private readonly delivered = new Set<number>();

  constructor(openingCash: Paise, date: string, { holdings = [], rateCards }: AccountTerms = {}) {
    this.openingCash = openingCash;
    this.holdings = holdings;
    this.rateCards = rateCards ?? nseRateCards;
    this.date = date;
  }

  applyFill(fill: Fill): void {
    this.fills.push(fill);
    const value = fill.quantity * fill.price;
    const turnover = this.turnovers.get(fill.orderId);
    if (turnover === undefined) this.turnovers.set(fill.orderId, { fill, turnover: value });
    else turnover.turnover += value;
    const state = this.stateOf(fill.listing, fill.product);
    if (fill.side === 'BUY') {
      state.buyQuantity += fill.quantity;
      state.buyValue += value;
    } else {
      state.sellQuantity += fill.quantity;
      state.sellValue += value;
    }
    state.realised += closeLots(state, fill);
  }

  /** Was this the day's first trade by which shares held from earlier days leave the account? Answers yes once. */
  leavesDemat({ listing, product, side }: Fill): boolean {
    const { instrumentToken: token } = listing;
    if (product !== 'CNC' || side !== 'SELL' || this.delivered.has(token)) return false;
    if (this.netQuantity(token, 'CNC') >= 0) return false;
    this.delivered.add(token);
    return true;
  }

  /** Takes a fee the rate card does not know, e.g. the broker's square-off fee. */
  applyFee(amount: Paise): void {
    this.feeTotal += amount;
  }

  /** Moves an open quantity from one product to the other at its own cost. */
  convert(listing: Listing, from: Product, to: Product, quantity: number): void {
    const source = this.stateOf(listing, from);
    const sign = Math.sign(netOf(source));
    const lots = takeLots(source, quantity);
    const target = this.stateOf(listing, to);
    const cost = lots.reduce((sum, lot) => sum + lot.quantity * lot.price, 0);
    shift(source, sign, -quantity, -cost);
    shift(target, sign, quantity, cost);
    target.lots.push(...lots);
  }

  positions(): readonly Position[] {
    return [...this.states.values()].map((state) => ({
      listing: state.listing,
      product: state.product,
      buyQuantity: state.buyQuantity,
      buyValue: paise(state.buyValue),
      sellQuantity: state.sellQuantity,
      sellValue: paise(state.sellValue),
      realised: paise(state.realised),
    }));
  }

  /** Signed shares open in one stock and product. */
  netQuantity(token: number, product: Product): number {
    const state = this.states.get(positionKey(token, product));
    return state === undefined ? 0 : netOf(state);
  }

  /** What the oldest `quantity` open shares cost (for a short: brought in). */
  openCost(token: number, product: Product, quantity: number): number {
    let [left, cost] = [quantity, 0];
    for (const lot of this.states.get(positionKey(token, product))?.lots ?? []) {
      const part = Math.min(left, lot.quantity);
      cost += part * lot.price;
      left -= part;
    }
    return cost;
  }

  /** Lets all settled shares of a holding be sold. */
  authorise({ listing, quantity }: Holding): void {
    this.authorised.set(listing.instrumentToken, quantity);
  }

  authorisedQuantity({ listing, authorisedQuantity }: Holding): number {
    return this.authorised.get(listing.instrumentToken) ?? authorisedQuantity;
  }

  /** What was held of the stock when the day began. */
  holding(token: number): Holding | undefined {
    return this.holdings.find(({ listing }) => listing.instrumentToken === token);
  }

  /** Charges of one order on its turnover so far. */
  chargesOf(orderId: string): Charges {
    const turnover = this.turnovers.get(orderId);
    return turnover === undefined ? noCharges : this.charge(turnover);
  }

  /** What an order of this turnover is charged today. */
  chargesFor(side: Side, product: Product, turnover: Paise): Charges {
    return chargesForOrder({ side, product, date: this.date, turnover }, this.rateCards);
  }

  charges(): Charges {
    return [...this.turnovers.values()]
      .map((one) => this.charge(one))
      .reduce(addCharges, noCharges);
  }

  books(): ExchangeBooks {
    const positions = this.positions();
    const charges = this.charges().total;
    const flow = positions.reduce((sum, one) => sum + one.sellValue - one.buyValue, 0);
    return {
      openingCash: this.openingCash,
      cash: paise(this.openingCash + flow - charges - this.feeTotal),
      charges,
      fees: paise(this.feeTotal),
      realisedPnl: paise(positions.reduce((sum, one) => sum + one.realised, 0)),
    };
  }

  private charge({ fill, turnover }: OrderTurnover): Charges {
    const { side, product } = fill;
    return this.chargesFor(side, product, paise(turnover));
  }

  private stateOf(listing: Listing, product: Product): PositionState {
    const key = positionKey(listing.instrumentToken, product);
    const known = this.states.get(key);
    if (known !== undefined) return known;
    const flat = { buyQuantity: 0, buyValue: 0, sellQuantity: 0, sellValue: 0, realised: 0 };
    const state: PositionState = { listing, product, ...flat, lots: [] };
    this.states.set(key, state);
    return state;
  }
}

/** Signed shares open. */
export const netQuantityOf = (position: Position): number =>
  position.buyQuantity - position.sellQuantity;

const positionKey = (token: number, product: Product): string => `${token}/${product}`;

const netOf = (state: PositionState): number => state.buyQuantity - state.sellQuantity;

function shift(state: PositionState, sign: number, quantity: number, value: number): void {
  if (sign > 0) {
    state.buyQuantity += quantity;
    state.buyValue += value;
  } else {
    state.sellQuantity += quantity;
    state.sellValue += value;
  }
}

/** Removes shares from the oldest lots and returns what was removed. */
function takeLots(state: PositionState, quantity: number): Lot[] {
  const taken: Lot[] = [];
  let wanted = quantity;
  for (const lot of state.lots) {
    const part = Math.min(lot.quantity, wanted);
    if (part === 0) break;
    taken.push({ quantity: part, price: lot.price });
    lot.quantity -= part;
    wanted -= part;
  }
  state.lots = state.lots.filter((lot) => lot.quantity > 0);
  return taken;
}

/** Books a fill against opposite lots, opens the rest; returns the realised profit in paise. */
function closeLots(state: PositionState, fill: Fill): number {
  const sign = sideSign(fill.side);
  const before = netOf(state) - sign * fill.quantity;
  const closing = before * sign < 0 ? Math.min(Math.abs(before), fill.quantity) : 0;
  const profit = takeLots(state, closing).reduce(
    (sum, lot) => sum - sign * lot.quantity * (fill.price - lot.price),
    0,
  );
  if (fill.quantity > closing) {
    state.lots.push({ quantity: fill.quantity - closing, price: fill.price });
  }
  return profit;
}
