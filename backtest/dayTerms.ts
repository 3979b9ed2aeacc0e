// Session, stocks and limits of a recorded day, as pre-flight and screener would make them.
import { isMember, type Membership } from '../domain/candleStore/membership';
import type { DecisionConfig } from '../domain/decision';
import { positionTiming } from '../domain/position';
import { Refused } from '../domain/errors';
import { warmUpSessions } from '../domain/indicators';
import { scaleRefusal } from '../domain/market/scaleChange';
import {
  screenByHistory,
  screenByQuote,
  watchedStocks,
  type ScreenRow,
  type ScreenedStock,
} from '../domain/market/screen';
import { stockHistory } from '../domain/market/stockHistory';
import { dayOf, sessionsBefore, type TradingCalendar } from '../domain/session/calendar';
import { istInstant } from '../domain/session/sessionClock';
import { planSession } from '../domain/session/sessionPlan';
import type { Paise } from '../domain/units';
import { readCalendar } from '../infra/config/sections/calendar';
import type { RatchetConfig } from '../infra/config/config';
import type { Listing } from '../exchange/market/listing';
import type { LeftOutStock } from './dayReport';
import { screenable, type MarketDay } from './recordedDay';
import type { DayTerms } from './tradedTerms';

/** The configuration with what really decides: the strategies in use, the user's own among them. */
export type TradedConfig = Omit<RatchetConfig, 'decision'> & { readonly decision: DecisionConfig };

/** What a day's terms are made of, besides the market. */
export interface TermsGiven {
  readonly config: TradedConfig;
  readonly cash: Paise;
  readonly seed: number;
  /** Whose members a day may trade; every recorded stock where it is left out. */
  readonly membership?: Membership | undefined;
}

/** Terms of a day, the calendar they were made by, and the stocks it does not watch. */
export interface ScreenedTerms extends DayTerms {
  readonly calendar: TradingCalendar;
  readonly leftOut: readonly LeftOutStock[];
}

/**
 * Session, stocks and limits of a day as pre-flight and screener would make them. The market's clock is the
 * host's.
 */
export function dayTerms(recorded: MarketDay, terms: TermsGiven): ScreenedTerms {
  const { config, cash, seed } = terms;
  const { date } = recorded;
  const at = istInstant(date, '09:00');
  const calendar = readCalendar(config.calendar);
  const plan = planSession(date, { marketAt: at, hostAt: at, speed: 1 }, calendar);
  const { account, trailing, risk, longProduct } = config;
  if (longProduct !== 'MIS')
    throw new Refused({
      code: 'BACKTEST_PRODUCT',
      message: `longProduct must be MIS in a backtest, where each day ends flat, was ${longProduct}`,
    });
  const rows = screened(recorded, terms, calendar);
  return {
    calendar,
    entryDay: { account, date, plan, trailing, longProduct, timing: positionTiming(1) },
    day: dayOf(date, calendar),
    stocks: watchedStocks(rows),
    leftOut: [
      ...rows
        .filter(({ watched }) => !watched)
        .map(({ stock: { tradingsymbol }, rank, reason }) => ({ tradingsymbol, rank, reason })),
      ...strangers(recorded, terms.membership),
    ],
    risk,
    cash,
    seed,
  };
}

/** Stocks that were no members of the universe on the day: they are not even screened. */
const strangers = (
  { date, stocks }: MarketDay,
  membership: Membership | undefined,
): readonly LeftOutStock[] =>
  stocks
    .filter(({ tradingsymbol }) => !isMember(membership, tradingsymbol, date))
    .map(({ tradingsymbol }) => ({
      tradingsymbol,
      rank: null,
      reason: `it was no member of the universe on ${date}`,
    }));

/** The stock in its configured industry. */
const classified = (
  listing: Listing,
  { sectors }: Pick<RatchetConfig, 'sectors'>,
): ScreenedStock => {
  const stock = screenable(listing);
  return { ...stock, sector: sectors[stock.tradingsymbol] ?? stock.sector };
};

/** The screening before the open: earlier sessions and price limits decide, since there are no bids yet. */
function screened(
  day: MarketDay,
  { config, membership }: TermsGiven,
  calendar: TradingCalendar,
): readonly ScreenRow[] {
  const { screener } = config;
  const wanted = (name: string): boolean => isMember(membership, name, day.date);
  const universe = config.universe?.filter(wanted);
  const missing = universe?.find((name) => !day.stocks.some((one) => one.tradingsymbol === name));
  if (missing !== undefined)
    throw new Refused({
      code: 'UNIVERSE_UNKNOWN',
      message: `universe: there are no candles of ${missing} on ${day.date}`,
    });
  const quotes = day.stocks
    .filter(({ tradingsymbol }) => universe?.includes(tradingsymbol) ?? wanted(tradingsymbol))
    .map((listing) => ({
      stock: classified(listing, config),
      lastPrice: listing.previousClose,
      volume: 0,
      bid: null,
      ask: null,
    }));
  const { examined, left } = screenByQuote(quotes, screener, null);
  const [from = day.date] = sessionsBefore(day.date, warmUpSessions, calendar);
  const start = istInstant(from, '00:00');
  const recent = new Map(
    examined.map(({ stock: { tradingsymbol: name } }) => [name, day.sessions(name, start)]),
  );
  const ranked = screenByHistory(
    examined,
    (name) => stockHistory(recent.get(name) ?? []),
    screener,
    ({ tradingsymbol, band }) => scaleRefusal(recent.get(tradingsymbol) ?? [], band),
  );
  return [...ranked, ...left];
}
