// Which listed stocks are watched. Screening looks twice: at quotes and lists of all stocks, then at the
// earlier sessions of the best. Every stock gets a row with its reason, in or out. A figure that is not known
// before the open (a spread, a history) excludes nobody. Equal ranks keep the exchange's own order.
import { paise, type Paise } from '../units';
import type { Instrument, PriceBand } from './instrument';
import { unknownSector } from './sectors';
import type { StockHistory } from './stockHistory';
import { seriesRefusal, surveillanceRefusal, type SurveillanceList } from './surveillance';

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
  /** Best bid and ask; null where there is no bid or no offer. */
  readonly bid: Paise | null;
  readonly ask: Paise | null;
}

export interface ScreenLimits {
  readonly stocksMax: number;
  /** Rupees. */
  readonly priceMin: number;
  readonly priceMax: number;
  /** Rupees a session, mean of the earlier ones. */
  readonly turnoverMin: number;
  readonly spreadBpsMax: number;
  /** From the last price to the nearer price limit. */
  readonly bandDistanceBpsMin: number;
  /** Mean true range of a session, percent of the price. */
  readonly atrPctMin: number;
  readonly atrPctMax: number;
}

/** The figures of a stock; null where they are not known before the session. */
export interface ScreenFigures {
  readonly lastPrice: Paise;
  readonly turnover: Paise | null;
  readonly spreadBps: number | null;
  readonly bandDistanceBps: number;
  readonly atrPct: number | null;
}

/** A stock's rank in the screening, or why it has none. */
export interface ScreenRow {
  readonly stock: ScreenedStock;
  /** Counted from 1 among those that met every limit; null for the others. */
  readonly rank: number | null;
  readonly watched: boolean;
  readonly reason: string;
  readonly figures: ScreenFigures;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

const figuresOf = (quote: ScreenQuote, history: StockHistory | null): ScreenFigures => {
  const { lastPrice, bid, ask, stock } = quote;
  const nearest = Math.min(lastPrice - stock.band.lower, stock.band.upper - lastPrice);
  return {
    lastPrice,
    turnover: history?.turnover ?? null,
    spreadBps: bid === null || ask === null ? null : rounded(((ask - bid) * 20_000) / (ask + bid)),
    bandDistanceBps: lastPrice > 0 ? Math.floor((nearest * 10_000) / lastPrice) : 0,
    atrPct: history === null ? null : rounded(history.atrPct),
  };
};

const rupees = (amount: Paise): string => `₹${(amount / 100).toFixed(2)}`;

/** The first limit a stock does not meet, in words; null when it meets every limit that can be judged. */
function limitBroken(figures: ScreenFigures, limits: ScreenLimits): string | null {
  const { lastPrice, turnover, spreadBps, bandDistanceBps, atrPct } = figures;
  if (lastPrice < limits.priceMin * 100 || lastPrice > limits.priceMax * 100)
    return `price ${rupees(lastPrice)} is not between ₹${limits.priceMin} and ₹${limits.priceMax}`;
  if (bandDistanceBps < limits.bandDistanceBpsMin)
    return `the price limit is ${bandDistanceBps} bp away, less than ${limits.bandDistanceBpsMin}`;
  if (spreadBps !== null && spreadBps > limits.spreadBpsMax)
    return `spread ${spreadBps} bp is wider than ${limits.spreadBpsMax}`;
  if (turnover !== null && turnover < limits.turnoverMin * 100)
    return `turnover ${rupees(turnover)} a session is less than ₹${limits.turnoverMin}`;
  if (atrPct !== null && (atrPct < limits.atrPctMin || atrPct > limits.atrPctMax))
    return `true range ${atrPct} % of the price is not between ${limits.atrPctMin} and ${limits.atrPctMax}`;
  return null;
}

const derivativesFirst = (a: ScreenQuote, b: ScreenQuote): number =>
  Number(b.stock.hasDerivatives) - Number(a.stock.hasDerivatives);

const out = (quote: ScreenQuote, reason: string): ScreenRow => ({
  stock: quote.stock,
  rank: null,
  watched: false,
  reason,
  figures: figuresOf(quote, null),
});

/** How many are examined for each one wanted, since some will not meet the limits on history. */
const examinedPerWatched = 1.25;

/** Screens by quotes and lists: the stocks whose history is worth reading, and the rows of the others. */
export function screenByQuote(
  quotes: readonly ScreenQuote[],
  limits: ScreenLimits,
  surveillance: SurveillanceList | null,
): { readonly examined: readonly ScreenQuote[]; readonly left: readonly ScreenRow[] } {
  const refusalOf = (quote: ScreenQuote): string | null =>
    seriesRefusal(quote.stock.tradingsymbol) ??
    surveillanceRefusal(quote.stock.tradingsymbol, surveillance) ??
    limitBroken(figuresOf(quote, null), limits);
  const judged = quotes.map((quote) => ({ quote, refusal: refusalOf(quote) }));
  const value = ({ lastPrice, volume }: ScreenQuote): number => lastPrice * volume;
  const passed = judged
    .filter(({ refusal }) => refusal === null)
    .map(({ quote }) => quote)
    .toSorted((a, b) => derivativesFirst(a, b) || value(b) - value(a));
  const most = Math.ceil(limits.stocksMax * examinedPerWatched);
  return {
    examined: passed.slice(0, most),
    left: [
      ...judged.flatMap(({ quote, refusal }) => (refusal === null ? [] : [out(quote, refusal)])),
      ...passed
        .slice(most)
        .map((quote) =>
          out(quote, `not among the first ${most} by derivatives and turnover today`),
        ),
    ],
  };
}

/** Such a stock shares its sector limit with every other unknown one, until a person classifies it. */
const unknownNote =
  '; industry unknown, so all such stocks share one sector limit: name it in sectors of the configuration';

/**
 * The ranking: stocks with derivatives first (they can be shorted), then by turnover.
 * @param scaleRefusalOf why a stock's history is not of the day's scale; null where it is.
 */
export function screenByHistory(
  examined: readonly ScreenQuote[],
  historyOf: (tradingsymbol: string) => StockHistory | null,
  limits: ScreenLimits,
  scaleRefusalOf: (stock: ScreenedStock) => string | null = () => null,
): readonly ScreenRow[] {
  const judged = examined.map((quote) => {
    const figures = figuresOf(quote, historyOf(quote.stock.tradingsymbol));
    const refusal = scaleRefusalOf(quote.stock) ?? limitBroken(figures, limits);
    return { quote, figures, refusal };
  });
  const ranked = judged
    .filter(({ refusal }) => refusal === null)
    .toSorted(
      (a, b) =>
        derivativesFirst(a.quote, b.quote) ||
        (b.figures.turnover ?? paise(0)) - (a.figures.turnover ?? paise(0)),
    );
  const rows = ranked.map(({ quote: { stock }, figures }, index): ScreenRow => {
    const watched = index < limits.stocksMax;
    const place = `rank ${index + 1} of ${ranked.length}`;
    const reason = watched ? place : `${place}: only ${limits.stocksMax} are watched`;
    const note = watched && stock.sector === unknownSector ? unknownNote : '';
    return { stock, watched, figures, reason: `${reason}${note}`, rank: index + 1 };
  });
  const left = judged.flatMap(({ quote: { stock }, figures, refusal }): ScreenRow[] =>
    refusal === null ? [] : [{ stock, rank: null, watched: false, reason: refusal, figures }],
  );
  return [...rows, ...left];
}

/** The watched stocks, best first. */
export const watchedStocks = (rows: readonly ScreenRow[]): readonly ScreenedStock[] =>
  rows
    .filter(({ watched }) => watched)
    .toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .map(({ stock }) => stock);
