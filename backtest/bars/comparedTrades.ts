// The trades of one day in both fidelities, beside each other: which are the same, and in what the others differ.
import type { DayTrade } from '../tradedPosition';

/** How a trade of one fidelity stands to the other's. An entry is known by its intent: stock, bar and direction. */
export const tradeKinds = ['sameExit', 'otherExit', 'exchangeOnly', 'barsOnly'] as const;
export type TradeKind = (typeof tradeKinds)[number];

export interface ComparedTrades {
  readonly counts: Readonly<Record<TradeKind, number>>;
  /** The first intent that only one of them has, in order of time; null where there is none. */
  readonly firstApart: string | null;
}

export function comparedTrades(
  exchange: readonly DayTrade[],
  bars: readonly DayTrade[],
): ComparedTrades {
  const other = new Map(bars.map((trade) => [trade.intentId, trade]));
  const known = new Set(exchange.map(({ intentId }) => intentId));
  const both = exchange.flatMap((trade) => {
    const twin = other.get(trade.intentId);
    return twin === undefined ? [] : [trade.exitReason === twin.exitReason];
  });
  const apart = [
    ...exchange.filter(({ intentId }) => !other.has(intentId)),
    ...bars.filter(({ intentId }) => !known.has(intentId)),
  ].sort((one, two) => one.entryAt - two.entryAt);
  const sameExit = both.filter((same) => same).length;
  return {
    counts: {
      sameExit,
      otherExit: both.length - sameExit,
      exchangeOnly: exchange.length - both.length,
      barsOnly: bars.length - both.length,
    },
    firstApart: apart[0]?.intentId ?? null,
  };
}
