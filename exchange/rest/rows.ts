// Engine values as Kite's JSON rows: rupees, IST text, Kite's field names and formulas. Sources:
// docs/kite.md, Orders and Books.
import type { Charges } from '../../domain/charges';
import { istText, istTime } from '../../domain/session/sessionClock';
import type { EpochMs } from '../../domain/units';
import { netQuantityOf, type Position } from '../engine/account';
import type { Holding } from '../engine/holdings';
import { openQuantity, type Fill, type OrderView } from '../engine/order';
import type { Tape } from '../engine/tape';

export type Row = Readonly<Record<string, unknown>>;

const rupees = (amount: number): number => amount / 100;
const textOrNull = (at: EpochMs | null): string | null => (at === null ? null : istText(at));
const average = (value: number, quantity: number): number =>
  quantity === 0 ? 0 : Math.round((value / quantity) * 100) / 10_000;

/** One row of the list of orders, or of an order's history. */
export function orderRow(order: OrderView, userId: string): Row {
  const isOver = order.status === 'REJECTED';
  return {
    placed_by: order.placer === 'broker' ? 'rms' : userId,
    account_id: userId,
    order_id: order.orderId,
    exchange_order_id: order.exchangeOrderId,
    parent_order_id: order.parentOrderId,
    status: order.status,
    status_message: order.statusMessage,
    status_message_raw: order.statusMessageRaw,
    order_timestamp: istText(order.placedAt),
    exchange_update_timestamp: order.exchangeAt === null ? null : istText(order.updatedAt),
    exchange_timestamp: textOrNull(order.exchangeAt),
    variety: order.variety,
    modified: order.modifications > 0,
    exchange: 'NSE',
    tradingsymbol: order.listing.tradingsymbol,
    instrument_token: order.listing.instrumentToken,
    order_type: order.orderType,
    transaction_type: order.side,
    validity: order.validity,
    validity_ttl: order.validityTtl,
    product: order.product,
    quantity: order.quantity,
    disclosed_quantity: order.disclosedQuantity,
    price: rupees(order.price),
    trigger_price: rupees(order.triggerPrice),
    average_price: average(order.turnover, order.filledQuantity),
    filled_quantity: order.filledQuantity,
    pending_quantity: isOver ? 0 : openQuantity(order),
    cancelled_quantity: order.cancelledQuantity,
    market_protection: 0,
    meta: icebergMeta(order),
    meta_raw: order.metaTags.length === 0 ? {} : { tags: order.metaTags },
    tag: order.tag,
    ...(order.tag === null ? {} : { tags: [order.tag] }),
    guid: `${order.orderId.slice(-6)}X${order.orderId.slice(2, 8)}`,
    terminal_id: order.placer === 'terminal' ? 'web' : null,
  };
}

function icebergMeta({ iceberg }: OrderView): Row {
  if (iceberg === null) return {};
  return {
    iceberg: {
      leg: iceberg.leg,
      legs: iceberg.legs,
      leg_quantity: iceberg.legQuantity,
      total_quantity: iceberg.totalQuantity,
      remaining_quantity: iceberg.remainingQuantity,
    },
  };
}

export const tradeRow = (fill: Fill): Row => ({
  trade_id: fill.tradeId,
  order_id: fill.orderId,
  exchange_order_id: fill.exchangeOrderId,
  exchange: 'NSE',
  tradingsymbol: fill.listing.tradingsymbol,
  instrument_token: fill.listing.instrumentToken,
  product: fill.product,
  average_price: rupees(fill.price),
  quantity: fill.quantity,
  transaction_type: fill.side,
  fill_timestamp: istText(fill.at),
  exchange_timestamp: istText(fill.at),
  order_timestamp: istTime(fill.at),
});

/** A position by Kite's formulas. All of it was opened today. Kite reports all profit as unrealised. */
export function positionRow(position: Position, tape: Tape): Row {
  const { listing, buyQuantity, buyValue, sellQuantity, sellValue } = position;
  const net = netQuantityOf(position);
  const value = sellValue - buyValue;
  const pnl = value + net * tape.lastPrice;
  const buyPrice = average(buyValue, buyQuantity);
  const sellPrice = average(sellValue, sellQuantity);
  return {
    tradingsymbol: listing.tradingsymbol,
    exchange: 'NSE',
    instrument_token: listing.instrumentToken,
    product: position.product,
    quantity: net,
    overnight_quantity: 0,
    multiplier: 1,
    average_price: net === 0 ? 0 : net > 0 ? buyPrice : sellPrice,
    close_price: 0,
    last_price: rupees(tape.lastPrice),
    value: rupees(value),
    pnl: rupees(pnl),
    m2m: rupees(pnl),
    unrealised: rupees(pnl),
    realised: 0,
    buy_quantity: buyQuantity,
    buy_price: buyPrice,
    buy_value: rupees(buyValue),
    buy_m2m: rupees(buyValue),
    sell_quantity: sellQuantity,
    sell_price: sellPrice,
    sell_value: rupees(sellValue),
    sell_m2m: rupees(sellValue),
    day_buy_quantity: buyQuantity,
    day_buy_price: buyPrice,
    day_buy_value: rupees(buyValue),
    day_sell_quantity: sellQuantity,
    day_sell_price: sellPrice,
    day_sell_value: rupees(sellValue),
  };
}

/** What has happened to a holding today. */
export interface HoldingState {
  readonly used: number;
  readonly authorised: number;
  readonly tape: Tape;
  readonly date: string;
}

/** A holding. Shares sold today have left `quantity` and count as used. */
export function holdingRow(
  { listing, quantity, t1Quantity, averagePrice }: Holding,
  { used, authorised, tape, date }: HoldingState,
): Row {
  const left = quantity + t1Quantity - used;
  const { lastPrice, previousClose } = tape;
  const change = lastPrice - previousClose;
  return {
    tradingsymbol: listing.tradingsymbol,
    exchange: 'NSE',
    instrument_token: listing.instrumentToken,
    isin: '',
    product: 'CNC',
    price: 0,
    quantity: Math.max(0, quantity - used),
    used_quantity: used,
    t1_quantity: Math.min(t1Quantity, left),
    realised_quantity: quantity,
    authorised_quantity: authorised,
    authorised_date: `${date} 00:00:00`,
    authorisation: {},
    opening_quantity: quantity + t1Quantity,
    short_quantity: 0,
    collateral_quantity: 0,
    collateral_type: '',
    discrepancy: false,
    average_price: rupees(averagePrice),
    last_price: rupees(lastPrice),
    close_price: rupees(previousClose),
    pnl: rupees((lastPrice - averagePrice) * left),
    day_change: rupees(change),
    day_change_percentage: (change / previousClose) * 100,
    mtf: { quantity: 0, used_quantity: 0, average_price: 0, value: 0, initial_margin: 0 },
  };
}

/** Charges in the shape of the virtual contract note and of margins. */
export const chargesRow = (charges: Charges): Row => ({
  transaction_tax: rupees(charges.stt),
  transaction_tax_type: 'stt',
  exchange_turnover_charge: rupees(charges.exchange),
  sebi_turnover_charge: rupees(charges.sebi),
  brokerage: rupees(charges.brokerage),
  stamp_duty: rupees(charges.stamp),
  gst: { igst: rupees(charges.gst), cgst: 0, sgst: 0, total: rupees(charges.gst) },
  total: rupees(charges.total),
});

/** The five levels of one side, padded with empty ones. */
function depthRows(levels: readonly { price: number; quantity: number; orders: number }[]): Row[] {
  return Array.from({ length: 5 }, (_, index) => {
    const level = levels[index];
    return level === undefined
      ? { price: 0, quantity: 0, orders: 0 }
      : { price: rupees(level.price), quantity: level.quantity, orders: level.orders };
  });
}

const total = (levels: readonly { quantity: number }[]): number =>
  levels.reduce((sum, level) => sum + level.quantity, 0);

export const ltpRow = (tape: Tape): Row => ({
  instrument_token: tape.listing.instrumentToken,
  last_price: rupees(tape.lastPrice),
});

export const ohlcRow = (tape: Tape): Row => ({
  ...ltpRow(tape),
  ohlc: {
    open: rupees(tape.open),
    high: rupees(tape.high),
    low: rupees(tape.low),
    close: rupees(tape.previousClose),
  },
});

/** A full quote; an index has no trades, depth or limits. */
export function quoteRow(tape: Tape, now: EpochMs): Row {
  const basis = {
    ...ohlcRow(tape),
    timestamp: istText(tape.updatedAt ?? now),
    net_change: rupees(tape.lastPrice - tape.previousClose),
  };
  if (tape.listing.isIndex) return basis;
  const { bids, asks } = tape.ladder();
  return {
    ...basis,
    last_trade_time: textOrNull(tape.lastTradeAt),
    last_quantity: tape.lastQuantity,
    buy_quantity: total(bids),
    sell_quantity: total(asks),
    volume: tape.volume,
    average_price: rupees(tape.averagePrice()),
    oi: 0,
    oi_day_high: 0,
    oi_day_low: 0,
    lower_circuit_limit: rupees(tape.band.lower),
    upper_circuit_limit: rupees(tape.band.upper),
    depth: { buy: depthRows(bids), sell: depthRows(asks) },
  };
}
