// The one place where a trade is approved. `RiskApproved` can be made nowhere else, and the order
// activity takes nothing else, so no order leaves unapproved (design decision 5).
import { Refused } from '../errors';
import { roundToTick, type Instrument, type PriceBand } from '../market/instrument';
import { directionSign, paise, shares, type Direction, type Paise, type Shares } from '../units';
import type { RiskLimits } from './limits';

declare const approved: unique symbol;
/** A value the risk check has approved. */
export type RiskApproved<T> = T & { readonly [approved]: true };

/** A trade somebody would like to make. */
export interface TradeProposal {
  readonly instrument: Instrument;
  readonly direction: Direction;
  readonly ltp: Paise;
  readonly band: PriceBand;
  readonly stopDistance: Paise;
  readonly targetDistance: Paise;
  /** 0–1: shrinks the quantity, never grows it. */
  readonly sizeFactor: number;
}

/** An open or pending position, as risk sees it. In doubt counts at full size until proven. */
export interface Exposure {
  readonly tradingsymbol: string;
  readonly sector: string;
  readonly direction: Direction;
  readonly value: Paise;
  readonly closed: boolean;
}

/** The day as risk sees it. */
export interface RiskBook {
  readonly capital: Paise;
  /** Realised profit after charges so far. */
  readonly dayPnl: Paise;
  readonly entriesHalted: boolean;
  readonly exposures: readonly Exposure[];
}

/** What may be sent: quantity and the worst entry price. */
export interface SizedTrade {
  readonly quantity: Shares;
  readonly entryLimit: Paise;
  readonly value: Paise;
}

/** How far through the last price an entry may go. */
const entryBufferBps = 15;

function refuse(code: string, message: string, context: Record<string, string | number>): never {
  throw new Refused({ code, message, context });
}

/** Room left for a direction's gross exposure, paise. */
function exposureRoom(book: RiskBook, limits: RiskLimits, direction: Direction): number {
  const share = direction === 'LONG' ? limits.longExposureBps : limits.shortExposureBps;
  const used = book.exposures
    .filter((exposure) => !exposure.closed && exposure.direction === direction)
    .reduce((sum, exposure) => sum + exposure.value, 0);
  return (book.capital * limits.leverage * share) / 10_000 - used;
}

function checkDay(book: RiskBook, limits: RiskLimits): void {
  const open = book.exposures.filter((exposure) => !exposure.closed).length;
  const lossMax = (book.capital * limits.dayLossBps) / 10_000;
  if (book.entriesHalted) refuse('ENTRIES_HALTED', 'entries are halted', {});
  if (0 - book.dayPnl >= lossMax)
    refuse('DAY_LOSS', 'the day has lost its limit', { dayPnl: book.dayPnl, lossMax });
  if (open >= limits.openPositionsMax)
    refuse('OPEN_POSITIONS', 'as many positions are open as allowed', { open });
  if (book.exposures.length >= limits.entriesPerDayMax) {
    refuse('ENTRIES_PER_DAY', 'as many entries were made today as allowed', {
      entries: book.exposures.length,
    });
  }
}

function checkStock(proposal: TradeProposal, book: RiskBook, limits: RiskLimits): void {
  const { tradingsymbol, sector, hasDerivatives } = proposal.instrument;
  const same = book.exposures.filter((exposure) => exposure.tradingsymbol === tradingsymbol);
  const inSector = book.exposures.filter(
    (exposure) => !exposure.closed && exposure.sector === sector,
  );
  if (same.some((exposure) => !exposure.closed))
    refuse('STOCK_OPEN', 'the stock already has an open position', { tradingsymbol });
  if (same.length >= limits.entriesPerStockMax)
    refuse('ENTRIES_PER_STOCK', 'the stock was entered as often as allowed', { tradingsymbol });
  if (inSector.length >= limits.positionsPerSectorMax)
    refuse('SECTOR_FULL', 'the sector has as many positions as allowed', { sector });
  if (proposal.direction === 'SHORT' && !hasDerivatives) {
    refuse(
      'NOT_SHORTABLE',
      'only stocks with derivatives are sold short: a circuit lock could not be covered',
      { tradingsymbol },
    );
  }
}

function checkPrices(proposal: TradeProposal, limits: RiskLimits): void {
  const { ltp, band, stopDistance, targetDistance, instrument } = proposal;
  const nearest = Math.min(ltp - band.lower, band.upper - ltp);
  if (ltp <= 0) refuse('NO_PRICE', 'there is no last price', { ltp });
  if (stopDistance < instrument.tickSize || targetDistance < instrument.tickSize) {
    refuse('DISTANCE_BELOW_TICK', 'stop and target must be at least one tick away', {
      stopDistance,
      targetDistance,
    });
  }
  if (nearest < (ltp * limits.bandDistanceBps) / 10_000 + stopDistance) {
    refuse('NEAR_BAND', "the price is too near the day's band", {
      ltp,
      lower: band.lower,
      upper: band.upper,
    });
  }
}

/**
 * Sizes the trade so that every limit holds, or refuses it.
 * @throws Refused with the limit's code when no quantity is allowed.
 */
export function approve(
  proposal: TradeProposal,
  book: RiskBook,
  limits: RiskLimits,
): RiskApproved<SizedTrade> {
  checkDay(book, limits);
  checkStock(proposal, book, limits);
  checkPrices(proposal, limits);
  const d = directionSign(proposal.direction);
  const { tickSize } = proposal.instrument;
  const worst = proposal.ltp + (d * proposal.ltp * entryBufferBps) / 10_000;
  const entryLimit = roundToTick(worst, tickSize, d === 1 ? 'down' : 'up');
  // Sized on the higher of the two, so that value limits hold for a short as well.
  const price = Math.max(entryLimit, proposal.ltp);
  const riskBudget = (book.capital * limits.riskPerTradeBps) / 10_000;
  const valueMax = Math.min(
    (book.capital * limits.leverage * limits.positionValueBps) / 10_000,
    exposureRoom(book, limits, proposal.direction),
    limits.orderValueMax,
  );
  const byRisk =
    (riskBudget * Math.min(1, Math.max(0, proposal.sizeFactor))) / proposal.stopDistance;
  const quantity = Math.floor(Math.min(byRisk, valueMax / price, limits.orderQuantityMax));
  if (quantity < 1)
    refuse('NO_ROOM', 'the limits leave room for no share', {
      riskBudget: Math.floor(riskBudget),
      valueMax: Math.floor(valueMax),
    });
  const sized: SizedTrade = {
    quantity: shares(quantity),
    entryLimit,
    value: paise(quantity * price),
  };
  return sized as RiskApproved<SizedTrade>;
}
