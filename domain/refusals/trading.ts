// What risk and the last look before an entry refuse. The trade is skipped and recorded.
import type { Refusal } from './refusal';

export const tradingRefusals = {
  ENTRIES_HALTED: {
    when: 'Entries are halted, by an operator or with the day.',
    remedy: 'Resume entries when the reason is gone.',
  },
  DAY_NOT_READY: {
    when: 'A check of the account fails, which blocks entries until it holds again.',
    remedy: 'Do what `ratchet check` says about the line.',
  },
  DAY_LOSS: {
    when: 'The day has lost its limit.',
    remedy: 'Nothing; no entries until the next day.',
  },
  DRAWDOWN: {
    when: 'The day has given back its limit from its best.',
    remedy: 'Nothing; no entries until the next day.',
  },
  COOLDOWN: {
    when: 'So many trades in a row have lost that entries pause.',
    remedy: 'Nothing; entries go on after the pause.',
  },
  OPEN_POSITIONS: {
    when: 'As many positions are open as allowed.',
    remedy: 'Nothing, or raise risk.openPositionsMax.',
  },
  ENTRIES_PER_DAY: {
    when: 'As many entries were made today as allowed.',
    remedy: 'Nothing, or raise risk.entriesPerDayMax.',
  },
  ENTRIES_PER_STOCK: {
    when: 'The stock was entered as often today as allowed.',
    remedy: 'Nothing, or raise risk.entriesPerStockMax.',
  },
  DUPLICATE_INTENT: {
    when: 'This very trade was approved before.',
    remedy: 'Nothing; it is the same bar looked at twice.',
  },
  STOCK_QUARANTINED: {
    when: 'The account holds the stock by an order that is not ours.',
    remedy: 'Close that holding, or leave the stock alone.',
  },
  STOCK_OPEN: { when: 'The stock already has an open position.', remedy: 'Nothing.' },
  SECTOR_FULL: {
    when: 'The sector has as many positions as allowed.',
    remedy: 'Nothing, or raise risk.positionsPerSectorMax.',
  },
  AFTER_CUT_OFF: { when: 'It is too late in the session to enter this stock.', remedy: 'Nothing.' },
  NO_PRICE: { when: 'There is no last price.', remedy: 'Look at the feed if it lasts.' },
  DISTANCE_BELOW_TICK: {
    when: 'Stop or target is nearer than one tick.',
    remedy: 'Nothing; the stock hardly moves.',
  },
  REWARD_TO_RISK: {
    when: 'The target is too near for the distance of the stop.',
    remedy: 'Nothing, or lower risk.rewardToRiskMin.',
  },
  PRICE_COLLAR: {
    when: 'The price has moved too far since the decision.',
    remedy: 'Nothing, or raise risk.priceCollarBps.',
  },
  ENTRY_BEYOND: {
    when: 'The price has passed the worst one at which the strategy still wants to enter.',
    remedy: 'Nothing; the strategy names that price.',
  },
  NEAR_BAND: {
    when: 'The price is too near the day’s price band.',
    remedy: 'Nothing, or lower risk.bandDistanceBps.',
  },
  NO_ROOM: {
    when: 'The limits leave no whole share to trade.',
    remedy: 'Nothing, or look at the exposure limits and the capital.',
  },
  ORDER_VALUE_MIN: {
    when: 'What the limits leave is worth less than the least order.',
    remedy: 'Nothing, or lower risk.orderValueMin.',
  },
  OVERNIGHT_SHORT: {
    when: 'A short was to be held over the night, which a cash account may not.',
    remedy: 'Nothing; shorts are intraday.',
  },
  NOT_SHORTABLE: {
    when: 'The stock has no derivatives, so a short locked at its circuit could not be covered.',
    remedy: 'Nothing.',
  },
  MARGIN_UNKNOWN: {
    when: 'The broker did not say what margin the order needs.',
    remedy: 'Look at the broker’s connection if it lasts.',
  },
  MARGIN: {
    when: 'The broker has less free margin than the order needs.',
    remedy: 'Add funds, or lower the limits.',
  },
  MARGIN_USE: {
    when: 'The order would use more of the margin than allowed.',
    remedy: 'Nothing, or raise risk.marginUseBps.',
  },
  ORDER_TOO_LARGE: {
    when: 'An order that is about to leave is worth more, or for more shares, than the configuration allows.',
    remedy: 'Look where it came from: risk does not size such orders.',
  },
  ORDER_BOUNDS: {
    when: 'An order for the broker has a quantity, price, value, stock or tag that cannot be meant.',
    remedy: 'Report it: nothing of Ratchet makes such orders.',
  },
  CAPITAL_CAP: {
    when: 'With an order that is about to leave, more would be at work than the day’s capital allows.',
    remedy: 'Wait for a position to close; raise capitalMax or --size for another day.',
  },
  NOT_APPROVED: {
    when: 'The order about to be sent is not one that was approved.',
    remedy: 'Report it: the records and the order differ.',
  },
  ENTRY_LATE: {
    when: 'The entry was held up for more than 15 seconds.',
    remedy: 'Nothing; find out what is slow if it repeats.',
  },
  ENTRY_UNCHECKED: {
    when: 'The records could not be read right before the entry.',
    remedy: 'Look at Postgres.',
  },
  SESSION_UNPROVEN: {
    when: 'The broker’s session has not answered within a minute.',
    remedy: 'Log in with `ratchet login`, unless the broker is down.',
  },
  NOT_WATCHED: {
    when: 'A replayed trade is in a stock the day did not watch.',
    remedy: 'Report it: the record of the day is not whole.',
  },
} as const satisfies Record<string, Refusal>;
