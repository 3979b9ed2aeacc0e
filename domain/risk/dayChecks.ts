// The checks before sizing: may anything be entered now, may this stock, at this price? Each refusal has a
// code, a sentence and the numbers that led to it.
import { Refused } from '../errors';
import type { RefusalCode } from '../refusals';
import { istTime } from '../session/sessionClock';
import { directionSign, epochMs } from '../units';
import type { RiskView, TradeProposal } from './question';
import type { RiskLimits } from './limits';
import { lossMaxOf } from './lossMax';
import { shortAvailability } from './shortAvailability';

export function refuse(
  code: RefusalCode,
  message: string,
  context: Record<string, string | number> = {},
): never {
  throw new Refused({ code, message, context });
}

const minuteMs = 60_000;

/** Refuses what the day refuses whichever stock it is: the first question of `approve`. */
export function checkDay(view: RiskView, limits: RiskLimits): void {
  checkHalts(view, limits);
  checkCounts(view, limits);
}

/** Refuses while entries of the whole day are halted or paused. */
function checkHalts(view: RiskView, limits: RiskLimits): void {
  const { dayPnl, dayPnlPeak, lossesInRow, lastLossAt, now } = view;
  const lossMax = lossMaxOf(view, limits);
  const drawdownMax = (view.capital * limits.drawdownBps) / 10_000;
  if (view.entriesHalted) refuse('ENTRIES_HALTED', 'entries are halted');
  if (view.notReady !== undefined)
    refuse('DAY_NOT_READY', `the day is not ready: ${view.notReady.join(', ')}`);
  if (0 - dayPnl >= lossMax)
    refuse('DAY_LOSS', 'the day has lost its limit', { dayPnl, lossMax: Math.floor(lossMax) });
  if (dayPnlPeak - dayPnl >= drawdownMax)
    refuse('DRAWDOWN', 'the day has given back its limit from its best', {
      dayPnl,
      dayPnlPeak,
      drawdownMax: Math.floor(drawdownMax),
    });
  if (lossesInRow < limits.lossesInRowMax || lastLossAt === null) return;
  const until = epochMs(lastLossAt + limits.cooldownMinutes * minuteMs);
  if (now < until)
    refuse(
      'COOLDOWN',
      `after ${lossesInRow} losses in a row entries pause until ${istTime(until)}`,
      {
        lossesInRow,
        now,
        until,
      },
    );
}

/** Refuses beyond the counts allowed in a day. */
function checkCounts(view: RiskView, limits: RiskLimits): void {
  const open = view.exposures.filter((exposure) => !exposure.closed).length;
  const entries = view.exposures.filter(({ isEarlier }) => !isEarlier).length;
  if (open >= limits.openPositionsMax)
    refuse('OPEN_POSITIONS', 'as many positions are open as allowed', {
      open,
      allowed: limits.openPositionsMax,
    });
  if (entries >= limits.entriesPerDayMax)
    refuse('ENTRIES_PER_DAY', 'as many entries were made today as allowed', {
      entries,
      allowed: limits.entriesPerDayMax,
    });
}

/**
 * Refuses by what is known of the stock: the same intent twice, entered too often, too many of its sector,
 * not shortable, or too late.
 */
export function checkStock(proposal: TradeProposal, view: RiskView, limits: RiskLimits): void {
  const { intentId } = proposal;
  const { tradingsymbol, sector } = proposal.instrument;
  const same = view.exposures.filter((exposure) => exposure.tradingsymbol === tradingsymbol);
  const inSector = view.exposures.filter((one) => !one.closed && one.sector === sector).length;
  if (view.exposures.some((exposure) => exposure.intentId === intentId))
    refuse('DUPLICATE_INTENT', 'this very intent was approved before', { intentId });
  if (view.quarantined.includes(tradingsymbol))
    refuse('STOCK_QUARANTINED', 'the account holds the stock by an order that is not ours', {
      tradingsymbol,
    });
  if (same.some((exposure) => !exposure.closed))
    refuse('STOCK_OPEN', 'the stock already has an open position', { tradingsymbol });
  const entries = same.filter(({ isEarlier }) => !isEarlier).length;
  if (entries >= limits.entriesPerStockMax)
    refuse('ENTRIES_PER_STOCK', 'the stock was entered as often as allowed', {
      tradingsymbol,
      entries,
      allowed: limits.entriesPerStockMax,
    });
  if (inSector >= limits.positionsPerSectorMax)
    refuse('SECTOR_FULL', 'the sector has as many positions as allowed', {
      sector,
      open: inSector,
      allowed: limits.positionsPerSectorMax,
    });
  const availability = shortAvailability(proposal);
  if (!availability.available)
    refuse(availability.code, availability.reason, { tradingsymbol, product: proposal.product });
  if (view.now >= proposal.entryUntil)
    refuse('AFTER_CUT_OFF', `no entries in this stock after ${istTime(proposal.entryUntil)}`, {
      tradingsymbol,
      now: view.now,
      entryUntil: proposal.entryUntil,
    });
}

/** Refuses prices that make no sense, or that have moved since the decision. */
export function checkPrices(proposal: TradeProposal, limits: RiskLimits): void {
  const { ltp, decisionPrice, band, stopDistance, targetDistance, instrument } = proposal;
  const nearest = Math.min(ltp - band.lower, band.upper - ltp);
  if (!(ltp > 0 && decisionPrice > 0))
    refuse('NO_PRICE', 'there is no last price', { ltp, decisionPrice });
  const tick = instrument.tickSize;
  if (!(stopDistance >= tick && targetDistance >= tick))
    refuse('DISTANCE_BELOW_TICK', 'stop and target must be at least one tick away', {
      stopDistance,
      targetDistance,
      tick,
    });
  if (targetDistance < limits.rewardToRiskMin * stopDistance)
    refuse(
      'REWARD_TO_RISK',
      `the target is less than ${limits.rewardToRiskMin} times the stop away`,
      {
        stopDistance,
        targetDistance,
      },
    );
  const moved = (Math.abs(ltp - decisionPrice) * 10_000) / decisionPrice;
  if (moved > limits.priceCollarBps)
    refuse('PRICE_COLLAR', 'the price has moved too far since the decision', {
      ltp,
      decisionPrice,
      movedBps: Math.round(moved),
      allowed: limits.priceCollarBps,
    });
  if (!(nearest >= (ltp * limits.bandDistanceBps) / 10_000 + stopDistance))
    refuse('NEAR_BAND', "the price is too near the day's band", {
      ltp,
      lower: band.lower,
      upper: band.upper,
    });
}

/** Refuses beyond the worst price at which the entry is still wanted. */
export function checkWanted({ direction, ltp, entryWanted }: TradeProposal): void {
  if (entryWanted === undefined || directionSign(direction) * (ltp - entryWanted) <= 0) return;
  refuse('ENTRY_BEYOND', 'the price has passed the worst one the strategy still enters at', {
    ltp,
    entryWanted,
  });
}
