// The three files of an export as headers and cells: amounts in rupees with two decimals, dates and times of India.
import { istTime } from '../session/sessionClock';
import type { Paise } from '../units';
import { addCosts, costKinds, noCosts, totalCosts, type CostedFill, type Costs } from './costs';
import { buyValue, grossOf, isIntraday, sellValue, type ClosedTrade } from './trades';

/** A header and its rows. */
export interface ExportTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One posting of the ledger. */
export interface LedgerRow {
  readonly date: string;
  readonly transaction: string;
  readonly what: string;
  readonly account: string;
  /** Debit positive. */
  readonly amount: Paise;
}

const rupees = (amount: number): string => (amount / 100).toFixed(2);

/** An average has four decimals where two do not say it. */
function average(value: Paise, quantity: number): string {
  const exact = (value / quantity / 100).toFixed(4);
  return exact.endsWith('00') ? exact.slice(0, -2) : exact;
}

const costHeader = [
  'brokerage',
  'stt',
  'exchange_charges',
  'sebi_charges',
  'stamp_duty',
  'gst',
  'square_off_fee',
  'depository_fee',
];
const costCells = (costs: Costs): string[] => costKinds.map((kind) => rupees(costs[kind]));

export const tradesTable = (trades: readonly ClosedTrade[]): ExportTable => ({
  header: [
    ...['date', 'symbol', 'product', 'kind', 'direction', 'quantity'],
    ...['entry_date', 'entry_time', 'entry_price', 'exit_date', 'exit_time', 'exit_price'],
    ...['buy_value', 'sell_value', 'gross_pnl', 'speculative_turnover'],
    ...[...costHeader, 'charges', 'net_pnl', 'intent'],
  ],
  rows: trades.map(tradeCells),
});

function tradeCells(trade: ClosedTrade): string[] {
  const { opened, closed, quantity, costs } = trade;
  const gross = grossOf(trade);
  const intraday = isIntraday(trade);
  return [
    ...[closed.session, trade.tradingsymbol, trade.product, intraday ? 'intraday' : 'delivery'],
    ...[trade.direction, String(quantity)],
    ...[opened.session, istTime(opened.at), average(opened.value, quantity)],
    ...[closed.session, istTime(closed.at), average(closed.value, quantity)],
    ...[rupees(buyValue(trade)), rupees(sellValue(trade)), rupees(gross)],
    intraday ? rupees(Math.abs(gross)) : '',
    ...costCells(costs),
    ...[rupees(totalCosts(costs)), rupees(gross - totalCosts(costs)), trade.intentId],
  ];
}

/** Every executed order with its costs, entries and exits alike. */
export function chargesTable(fills: readonly CostedFill[]): ExportTable {
  const orders = new Map<string, CostedFill[]>();
  for (const fill of fills) {
    const key = `${fill.session} ${fill.orderId}`;
    orders.set(key, [...(orders.get(key) ?? []), fill]);
  }
  return {
    header: [
      ...['date', 'time', 'symbol', 'product', 'side', 'quantity', 'average_price', 'value'],
      ...[...costHeader, 'total', 'order'],
    ],
    rows: [...orders.values()].map(orderCells),
  };
}

function orderCells(fills: readonly CostedFill[]): string[] {
  const [first] = fills;
  if (first === undefined) return [];
  const quantity = fills.reduce((sum, fill) => sum + fill.quantity, 0);
  const value = fills.reduce((sum, fill) => sum + fill.quantity * fill.price, 0) as Paise;
  const costs = fills.map((fill) => fill.costs).reduce(addCosts, noCosts);
  return [
    ...[first.session, istTime(first.at), first.tradingsymbol, first.product, first.side],
    ...[String(quantity), average(value, quantity), rupees(value)],
    ...[...costCells(costs), rupees(totalCosts(costs)), first.orderId],
  ];
}

export const ledgerTable = (rows: readonly LedgerRow[]): ExportTable => ({
  header: ['date', 'transaction', 'what', 'account', 'debit', 'credit'],
  rows: rows.map(({ date, transaction, what, account, amount }) => [
    ...[date, transaction, what, account],
    ...[amount > 0 ? rupees(amount) : '', amount < 0 ? rupees(0 - amount) : ''],
  ]),
});
