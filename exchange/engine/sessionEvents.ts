// The day's fixed events: pre-open match, the broker's square-off, the closing auction with its
// cancellations, and the end. All times come from the session clock of the date and stock group.
// Sources: docs/kite.md, Session clock and Intraday at the broker.
import { brokerSquareOffFee } from '../../domain/charges';
import { inClosingAuction, sessionClock } from '../../domain/session/sessionClock';
import { paise, shares, type EpochMs, type Paise } from '../../domain/units';
import { netQuantityOf, type Account } from './account';
import type { PriceBand } from '../../domain/market/instrument';
import { bandAround } from '../market/listing';
import type { MarketSource } from '../market/source';
import type { Floor } from './floor';
import { journalLine, type JournalSink } from './journal';
import type { MarketRecord } from './marketRecord';
import { marketOrder, type Order, type OrderTerms } from './order';
import type { OrderDesk } from './orderDesk';
import { closingMatchAt, preOpenMatchAt } from './sessionGate';
import type { SessionTime } from './sessionTime';
import type { Tape } from './tape';
import type { Tapes } from './tapes';

export interface SessionParts {
  readonly time: Pick<SessionTime, 'day' | 'now' | 'at'>;
  readonly desk: Pick<OrderDesk, 'allLive' | 'finish'>;
  readonly floor: Pick<Floor, 'auction' | 'tradeAll'>;
  readonly account: Pick<Account, 'positions' | 'applyFee'>;
  readonly tapes: Pick<Tapes, 'byToken' | 'of'>;
  readonly source: Pick<MarketSource, 'openingPrice' | 'distant'>;
  readonly journal: JournalSink;
  readonly record: Pick<MarketRecord, 'look'>;
  /** Sends an order of the broker's own. */
  readonly placeAsBroker: (terms: OrderTerms) => Order;
}

/** Enters the day's events into the session's time. Those already past are left out. */
export function scheduleSession(parts: SessionParts): void {
  const { time } = parts;
  const { day } = time;
  const { date } = day;
  const add = (at: EpochMs, act: (at: EpochMs) => void): void => {
    if (at >= time.now) time.at(at, act);
  };
  add(preOpenMatchAt(day), (at) => matchPreOpen(parts, at));
  for (const hasDerivatives of [true, false]) {
    const clock = sessionClock(day, hasDerivatives);
    const isOurs = (order: Order): boolean => order.listing.hasDerivatives === hasDerivatives;
    add(clock.brokerSquareOff, (at) => squareOff(parts, hasDerivatives, at));
    if (inClosingAuction(day, hasDerivatives)) {
      add(clock.continuousEnd, (at) => leaveContinuous(parts, isOurs, at));
      add(closingMatchAt(date), (at) => matchClosing(parts, isOurs, at));
    }
    add(clock.close, (at) => endDay(parts, isOurs, at));
  }
}

/**
 * Writes down what is seen of the stocks these are in; nothing where there are none. It comes before anything else is
 * written, so that what follows is rebuilt with it or not at all.
 */
function lookAt(parts: SessionParts, what: string, all: readonly Pick<Order, 'listing'>[]): void {
  const tapes = all.map(({ listing }) => parts.tapes.of(listing));
  if (tapes.length > 0) parts.record.look(what, tapes);
}

const isResting = ({ stage }: Order): boolean => stage === 'resting';

/** Resting orders that accept the opening price trade at it. An auction that was slept through is over. */
function matchPreOpen(parts: SessionParts, at: EpochMs): void {
  const { source, desk, floor, tapes, time } = parts;
  if (at > preOpenMatchAt(time.day)) return;
  const orders = desk.allLive().filter(isResting);
  lookAt(parts, 'the opening auction', orders);
  for (const order of orders) {
    const price = source.distant
      ? source.distant.openingPrice(tapes.of(order.listing))
      : source.openingPrice(order.listing.instrumentToken);
    if (price !== undefined) floor.auction(order, price, at);
  }
}

/**
 * Cancels the group's intraday orders and sends market orders for what is open; each costs the fee. Where we come late
 * to it, the market may take no more orders: the broker has done so, at the last price for all we know.
 */
function squareOff(parts: SessionParts, hasDerivatives: boolean, at: EpochMs): void {
  const isOurs = (listing: { hasDerivatives: boolean }): boolean =>
    listing.hasDerivatives === hasDerivatives;
  const open = parts.account
    .positions()
    .filter((one) => one.product === 'MIS' && isOurs(one.listing) && netQuantityOf(one) !== 0);
  const isLate = at > sessionClock(parts.time.day, hasDerivatives).brokerSquareOff;
  const group = hasDerivatives ? 'with' : 'without';
  if (isLate) lookAt(parts, `the late square-off of stocks ${group} derivatives`, open);
  for (const order of parts.desk.allLive()) {
    if (order.product !== 'MIS' || !isOurs(order.listing)) continue;
    parts.desk.finish(order, 'CANCELLED', at);
  }
  for (const position of open) {
    const net = netQuantityOf(position);
    const order = parts.placeAsBroker(
      marketOrder(position.listing.tradingsymbol, net > 0 ? 'SELL' : 'BUY', shares(Math.abs(net))),
    );
    parts.account.applyFee(brokerSquareOffFee);
    parts.journal(journalLine(at, 'fee', { orderId: order.orderId, amount: brokerSquareOffFee }));
    const { lastPrice } = parts.tapes.of(position.listing);
    if (isLate && lastPrice > 0) parts.floor.tradeAll(order, lastPrice, at);
  }
}

/**
 * 15:15 in auction stocks: the band narrows to ±3 % of the reference price; untriggered stops, disclosed
 * and iceberg orders, and limits outside the band go.
 */
function leaveContinuous(
  parts: SessionParts,
  isOurs: (order: Order) => boolean,
  at: EpochMs,
): void {
  const orders = parts.desk.allLive().filter(isOurs);
  lookAt(parts, 'the reference of the closing auction', orders);
  for (const tape of parts.tapes.byToken.values()) {
    if (tape.listing.closingAuction) tape.setBand(auctionBand(tape));
  }
  for (const order of orders) {
    const { lower, upper } = parts.tapes.of(order.listing).band;
    const isOutside = order.price < lower || order.price > upper;
    const isSpecial = order.disclosedQuantity > 0 || order.iceberg !== null;
    if (order.stage === 'waiting' || isSpecial || isOutside) {
      const reason = 'Cancelled by the exchange at the start of the closing auction session.';
      parts.desk.finish(order, 'CANCELLED', at, [reason, reason]);
    }
  }
}

const auctionBandPct = 3;

function auctionBand({ candles, lastPrice, listing }: Tape): PriceBand {
  const reference = candles.length === 0 ? lastPrice : closingPrice(candles);
  return bandAround(reference, listing.tickSize, auctionBandPct);
}

function matchClosing(parts: SessionParts, isOurs: (order: Order) => boolean, at: EpochMs): void {
  if (at > closingMatchAt(parts.time.day.date)) return;
  const orders = parts.desk.allLive().filter((order) => isOurs(order) && isResting(order));
  lookAt(parts, 'the closing auction', orders);
  for (const order of orders) {
    const price = closingPrice(parts.tapes.of(order.listing).candles);
    if (price > 0) parts.floor.auction(order, price, at);
  }
}

/** The auction's price: what the stock traded at on average over its last 15 minutes, on a whole paisa. */
function closingPrice(candles: readonly { close: Paise; volume: number }[]): Paise {
  const last = candles.slice(-15);
  const volume = last.reduce((sum, candle) => sum + candle.volume, 0);
  const value = last.reduce((sum, candle) => sum + candle.close * candle.volume, 0);
  return volume === 0 ? (last.at(-1)?.close ?? paise(0)) : paise(Math.round(value / volume));
}

/** DAY orders end with the day. */
function endDay(parts: SessionParts, isOurs: (order: Order) => boolean, at: EpochMs): void {
  for (const order of parts.desk.allLive().filter(isOurs)) {
    parts.desk.finish(order, 'CANCELLED', at);
  }
}
