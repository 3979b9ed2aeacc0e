// The day's fixed events: pre-open match, the broker's square-off, the closing auction with its
// cancellations, and the end. All times come from the session clock of the date and stock group.
// Sources: reference kite.md 4.1, 4.2.
import { brokerSquareOffFee } from '../../domain/charges';
import { inClosingAuction, sessionClock } from '../../domain/session/sessionClock';
import { paise, shares, type EpochMs, type Paise } from '../../domain/units';
import { netQuantityOf } from './account';
import type { PriceBand } from '../../domain/market/instrument';
import { bandAround } from '../market/listing';
import type { Exchange } from './exchange';
import { journalLine } from './journal';
import { marketOrder, type Order } from './order';
import { closingMatchAt, preOpenMatchAt } from './sessionGate';
import type { Tape } from './tape';

/** Enters the day's events into the exchange's schedule. Those already past are left out. */
export function scheduleSession(exchange: Exchange): void {
  const { date, day } = exchange;
  const add = (at: EpochMs, act: (at: EpochMs) => void): void => {
    if (at >= exchange.now) exchange.schedule.add(at, act);
  };
  add(preOpenMatchAt(day), (at) => matchPreOpen(exchange, at));
  for (const hasDerivatives of [true, false]) {
    const clock = sessionClock(day, hasDerivatives);
    const isOurs = (order: Order): boolean => order.listing.hasDerivatives === hasDerivatives;
    add(clock.brokerSquareOff, (at) => squareOff(exchange, hasDerivatives, at));
    if (inClosingAuction(day, hasDerivatives)) {
      add(clock.continuousEnd, (at) => leaveContinuous(exchange, isOurs, at));
      add(closingMatchAt(date), (at) => matchClosing(exchange, isOurs, at));
    }
    add(clock.close, (at) => endDay(exchange, isOurs, at));
  }
}

/** Resting orders that accept the opening price trade at it. */
function matchPreOpen(exchange: Exchange, at: EpochMs): void {
  for (const order of exchange.desk.allLive().filter(({ stage }) => stage === 'resting')) {
    const price = exchange.source.openingPrice(order.listing.instrumentToken);
    if (price !== undefined) exchange.floor.auction(order, price, at);
  }
}

/** Cancels the group's intraday orders and sends market orders for what is open; each costs the fee. */
function squareOff(exchange: Exchange, hasDerivatives: boolean, at: EpochMs): void {
  const isOurs = (listing: { hasDerivatives: boolean }): boolean =>
    listing.hasDerivatives === hasDerivatives;
  for (const order of exchange.desk.allLive()) {
    if (order.product !== 'MIS' || !isOurs(order.listing)) continue;
    exchange.desk.finish(order, 'CANCELLED', at);
  }
  for (const position of exchange.account.positions()) {
    const net = netQuantityOf(position);
    if (net === 0 || position.product !== 'MIS' || !isOurs(position.listing)) continue;
    const order = exchange.place(
      marketOrder(position.listing.tradingsymbol, net > 0 ? 'SELL' : 'BUY', shares(Math.abs(net))),
      'broker',
    );
    exchange.account.applyFee(brokerSquareOffFee);
    exchange.journal(
      journalLine(at, 'fee', { orderId: order.orderId, amount: brokerSquareOffFee }),
    );
  }
}

/**
 * 15:15 in auction stocks: the band narrows to ±3 % of the reference price; untriggered stops, disclosed
 * and iceberg orders, and limits outside the band go.
 */
function leaveContinuous(exchange: Exchange, isOurs: (order: Order) => boolean, at: EpochMs): void {
  for (const tape of exchange.tapes.values()) {
    if (tape.listing.closingAuction) tape.setBand(auctionBand(tape));
  }
  for (const order of exchange.desk.allLive().filter(isOurs)) {
    const { lower, upper } = exchange.tapeByToken(order.listing.instrumentToken).band;
    const isOutside = order.price < lower || order.price > upper;
    const isSpecial = order.disclosedQuantity > 0 || order.iceberg !== null;
    if (order.stage === 'waiting' || isSpecial || isOutside) {
      const reason = 'Cancelled by the exchange at the start of the closing auction session.';
      exchange.desk.finish(order, 'CANCELLED', at, [reason, reason]);
    }
  }
}

const auctionBandPct = 3;

function auctionBand({ candles, lastPrice, listing }: Tape): PriceBand {
  const reference = candles.length === 0 ? lastPrice : closingPrice(candles);
  return bandAround(reference, listing.tickSize, auctionBandPct);
}

function matchClosing(exchange: Exchange, isOurs: (order: Order) => boolean, at: EpochMs): void {
  for (const order of exchange.desk.allLive().filter(isOurs)) {
    const tape = exchange.tapeByToken(order.listing.instrumentToken);
    if (order.stage === 'resting') exchange.floor.auction(order, closingPrice(tape.candles), at);
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
function endDay(exchange: Exchange, isOurs: (order: Order) => boolean, at: EpochMs): void {
  for (const order of exchange.desk.allLive().filter(isOurs)) {
    exchange.desk.finish(order, 'CANCELLED', at);
  }
}
