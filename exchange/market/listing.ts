// A security as the exchange lists it for one day: what the instruments dump says plus what risk checks
// need (price band, intraday margin). Sources: docs/kite.md, Intraday at the broker and Price rules.
import type { PriceBand, Instrument } from '../../domain/market/instrument';
import { roundToTick } from '../../domain/market/instrument';
import { sectorOf } from '../../domain/market/sectors';
import { seriesRefusal } from '../../domain/market/surveillance';
import { tickSizeOn } from '../../domain/market/tickSize';
import type { TradingDay } from '../../domain/session/calendar';
import { inClosingAuction } from '../../domain/session/sessionClock';
import { paise, type Paise } from '../../domain/units';
import { companies, indexTokens, type Company } from './companies';
import { textSeed } from './chance';

export interface Listing extends Instrument {
  readonly exchangeToken: number;
  readonly isIndex: boolean;
  readonly previousClose: Paise;
  /** The day's circuit limits at the start; they can slide later. */
  readonly band: PriceBand;
  /** Share of the order's value an intraday position blocks, in percent. 20 = 5× leverage. */
  readonly misMarginPct: number;
  readonly misAllowed: boolean;
  readonly closingAuction: boolean;
  /** Shares traded in a typical minute, which sets the depth. */
  readonly minuteVolume: number;
}

export interface ListingFacts {
  readonly tradingsymbol: string;
  readonly day: TradingDay;
  readonly previousClose: Paise;
  readonly minuteVolume: number;
  readonly hasDerivatives?: boolean | undefined;
  readonly tickSize?: Paise | undefined;
  readonly instrumentToken?: number | undefined;
  /** Width of the price band; the group's own when absent. */
  readonly bandPct?: number | undefined;
  readonly sector?: string | undefined;
  readonly name?: string | undefined;
}

/** A stock listed on the date. What the company table does not know is derived from its symbol. */
export function listStock(facts: ListingFacts): Listing {
  const company = companies.get(facts.tradingsymbol);
  const hasDerivatives = facts.hasDerivatives ?? company?.hasDerivatives ?? false;
  const tickSize = facts.tickSize ?? tickSizeOn(facts.day.date, facts.previousClose);
  const exchangeToken = stockToken(facts, company);
  return {
    tradingsymbol: facts.tradingsymbol,
    name: facts.name ?? company?.name ?? facts.tradingsymbol,
    sector: facts.sector ?? sectorOf(facts.tradingsymbol),
    instrumentToken: facts.instrumentToken ?? exchangeToken * 256 + 1,
    exchangeToken,
    tickSize,
    hasDerivatives,
    isIndex: false,
    previousClose: facts.previousClose,
    band: bandAround(facts.previousClose, tickSize, bandPctOf(facts, hasDerivatives)),
    misMarginPct: hasDerivatives ? 20 : 25,
    misAllowed: (company?.misAllowed ?? true) && seriesRefusal(facts.tradingsymbol) === null,
    closingAuction: inClosingAuction(facts.day, hasDerivatives),
    minuteVolume: facts.minuteVolume,
  };
}

/** An index: quoted, never traded. Its token ends in byte 9. */
export function listIndex(name: string, previousClose: Paise): Listing {
  const exchangeToken = indexTokens[name] ?? 1_200 + (Math.abs(textSeed(name, 9)) % 800);
  return {
    tradingsymbol: name,
    name,
    instrumentToken: exchangeToken * 256 + 9,
    exchangeToken,
    tickSize: paise(5),
    hasDerivatives: false,
    sector: 'Index',
    isIndex: true,
    previousClose,
    band: { lower: paise(0), upper: paise(0) },
    misMarginPct: 100,
    misAllowed: false,
    closingAuction: false,
    minuteVolume: 0,
  };
}

/**
 * The same listings with distinct tokens. Where two derived tokens are equal, the later listing moves to a
 * free one.
 */
export function withDistinctTokens(listings: readonly Listing[]): readonly Listing[] {
  const taken = new Set<number>();
  return listings.map((listing) => {
    let { exchangeToken, instrumentToken } = listing;
    while (taken.has(instrumentToken)) {
      exchangeToken += 1;
      instrumentToken += 256;
    }
    taken.add(instrumentToken);
    return { ...listing, exchangeToken, instrumentToken };
  });
}

/** Prices within `pct` percent of the close, on the grid, inside. */
export function bandAround(close: Paise, tickSize: Paise, pct: number): PriceBand {
  return {
    lower: paise(Math.max(tickSize, roundToTick((close * (100 - pct)) / 100, tickSize, 'up'))),
    upper: roundToTick((close * (100 + pct)) / 100, tickSize, 'down'),
  };
}

const bandPctOf = (facts: ListingFacts, hasDerivatives: boolean): number =>
  facts.bandPct ?? (hasDerivatives ? 10 : 20);

function stockToken(facts: ListingFacts, company: Company | undefined): number {
  if (facts.instrumentToken !== undefined) return facts.instrumentToken >> 8;
  return company?.exchangeToken ?? 30_000 + (Math.abs(textSeed(facts.tradingsymbol, 1)) % 400_000);
}
