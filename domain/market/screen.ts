// Which listed stocks are watched: within the price range, shortable ones first, then by turnover. The one
// ranking for the live screener and the backtest; at equal rank the exchange's own order stands.
import type { Paise } from '../units';
import type { Instrument, PriceBand } from './instrument';

/** A stock the day watches, with its price limits. */
export interface ScreenedStock extends Instrument {
  readonly band: PriceBand;
}

/** What the exchange quotes of a stock before the session. */
export interface ScreenQuote {
  readonly stock: ScreenedStock;
  readonly lastPrice: Paise;
  /** Shares traded so far today. */
  readonly volume: number;
}

export interface ScreenLimits {
  readonly stocksMax: number;
  /** Rupees. */
  readonly priceMin: number;
  readonly priceMax: number;
}

export function screened(
  quotes: readonly ScreenQuote[],
  { stocksMax, priceMin, priceMax }: ScreenLimits,
): readonly ScreenedStock[] {
  const turnover = ({ lastPrice, volume }: ScreenQuote): number => lastPrice * volume;
  return quotes
    .filter(({ lastPrice }) => lastPrice >= priceMin * 100 && lastPrice <= priceMax * 100)
    .toSorted(
      (a, b) =>
        Number(b.stock.hasDerivatives) - Number(a.stock.hasDerivatives) ||
        turnover(b) - turnover(a),
    )
    .slice(0, stocksMax)
    .map(({ stock }) => stock);
}
