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
import { marketOrder, type Order, type OrderTerms, type OrderView } from './order';
import type { OrderDesk } from './orderDesk';
import { closingMatchAt, preOpenMatchAt } from './sessionGate';
import type { SessionTime } from './sessionTime';
import type { Tape } from './tape';
import type { Tapes } from './tapes';

export interface SessionParts {
  readonly time: Pick<SessionTime, 'day' | 'now' | 'at'>;
  readonly desk: Pick<OrderDesk, 'allLive' | 'finish'>;
  readonly floor: Pick<Floor, 'auction'>;
  readonly account: Pick<Account, 'positions' | 'applyFee'>;
  readonly tapes: Pick<Tapes, 'byToken' | 'of'>;
  readonly source: Pick<MarketSource, 'openingPrice'>;
  readonly journal: JournalSink;
  /** Sends an order of the broker's own. */
  readonly placeAsBroker: (terms: OrderTerms) => OrderView;
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

/** Resting orders that accept the opening price trade at it. */
function matchPreOpen(parts: SessionParts, at: EpochMs): void {
  for (const order of parts.desk.allLive().filter(({ stage }) => stage === 'resting')) {
    const price = parts.source.openingPrice(order.listing.instrumentToken);
    if (price !== undefined) parts.floor.auction(order, price, at);
  }
}

/** Cancels the group's intraday orders and sends market orders for what is open; each costs the fee. */
function squareOff(parts: SessionParts, hasDerivatives: boolean, at: EpochMs): void {
  const isOurs = (listing: { hasDerivatives: boolean }): boolean =>
    listing.hasDerivatives === hasDerivatives;
  for (const order of parts.desk.allLive()) {
    if (order.product !== 'MIS' || !isOurs(order.listing)) continue;
    parts.desk.finish(order, 'CANCELLED', at);
  }
  for (const position of parts.account.positions()) {
    const net = netQuantityOf(position);
    if (net === 0 || position.product !== 'MIS' || !isOurs(position.listing)) continue;
    const order = parts.placeAsBroker(
      marketOrder(position.listing.tradingsymbol, net > 0 ? 'SELL' : 'BUY', shares(Math.abs(net))),
    );
    parts.account.applyFee(brokerSquareOffFee);
    parts.journal(journalLine(at, 'fee', { orderId: order.orderId, amount: brokerSquareOffFee }));
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
  for (const tape of parts.tapes.byToken.values()) {
    if (tape.listing.closingAuction) tape.setBand(auctionBand(tape));
  }
  for (const order of parts.desk.allLive().filter(isOurs)) {
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
  for (const order of parts.desk.allLive().filter(isOurs)) {
    const tape = parts.tapes.of(order.listing);
    if (order.stage === 'resting') parts.floor.auction(order, closingPrice(tape.candles), at);
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
