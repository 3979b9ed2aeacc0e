// The trades of one day in both fidelities, beside each other: which are the same, and in what the others differ.
import type { DayTrade } from '../../../backtest/tradedPosition';

/** How a trade of one fidelity stands to the other's. An entry is known by its intent: stock, bar and direction. */
export const tradeKinds = ['sameExit', 'otherExit', 'exchangeOnly', 'barsOnly'] as const;
type TradeKind = (typeof tradeKinds)[number];

export function comparedTrades(
  exchange: readonly DayTrade[],
  bars: readonly DayTrade[],
): Readonly<Record<TradeKind, number>> {
  const other = new Map(bars.map((trade) => [trade.intentId, trade]));
  const both = exchange.flatMap((trade) => {
    const twin = other.get(trade.intentId);
    return twin === undefined ? [] : [trade.exitReason === twin.exitReason];
  });
  const sameExit = both.filter((same) => same).length;
  return {
    sameExit,
    otherExit: both.length - sameExit,
    exchangeOnly: exchange.length - both.length,
    barsOnly: bars.length - both.length,
  };
}
