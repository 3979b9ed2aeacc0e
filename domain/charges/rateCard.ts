// What the state and the exchange charge for an equity order, by date. Rates are integers (parts per
// billion), so that a charge is exact. Since March 2026 the investor protection fund fee is inside NSE's
// rate; adding it again would count it twice. Sources: docs/kite.md, Charges; rates before October 2024 are
// those of the official mocks' years.
import { Refused } from '../errors';
import { paise, type Paise } from '../units';

/** 1 ppb of ₹1 crore is 1 paisa. 0.03 % = 300,000 ppb. */
export type Ppb = number;

/** What differs between intraday and delivery. */
export interface ProductRates {
  readonly brokerage: Ppb;
  readonly brokerageCap: Paise;
  readonly sttOnBuy: Ppb;
  readonly sttOnSell: Ppb;
  readonly stampOnBuy: Ppb;
}

/** The card in force from `since` (inclusive) to the next card. */
export interface RateCard {
  readonly since: string;
  readonly exchangeTurnover: Ppb;
  readonly sebiTurnover: Ppb;
  /** On brokerage, exchange and SEBI charges. */
  readonly gst: Ppb;
  readonly MIS: ProductRates;
  readonly CNC: ProductRates;
}

const intraday: ProductRates = {
  brokerage: 300_000,
  brokerageCap: paise(2_000),
  sttOnBuy: 0,
  sttOnSell: 250_000,
  stampOnBuy: 30_000,
};

const delivery: ProductRates = {
  brokerage: 0,
  brokerageCap: paise(0),
  sttOnBuy: 1_000_000,
  sttOnSell: 1_000_000,
  stampOnBuy: 150_000,
};

const card = (since: string, exchangeTurnover: Ppb): RateCard => ({
  since,
  exchangeTurnover,
  sebiTurnover: 1_000,
  gst: 180_000_000,
  MIS: intraday,
  CNC: delivery,
});

/** NSE cash through Zerodha, oldest first. */
export const nseRateCards: readonly RateCard[] = [
  card('2018-01-01', 34_500),
  card('2023-04-01', 32_500),
  card('2024-04-01', 32_200),
  card('2024-10-01', 30_700),
  card('2026-03-01', 30_700),
];

/**
 * The card in force on a date.
 * @throws Refused CHARGES_NO_CARD when the date lies before the first card.
 */
export function rateCardOn(date: string, cards: readonly RateCard[] = nseRateCards): RateCard {
  const inForce = cards.filter((candidate) => candidate.since <= date).at(-1);
  if (inForce !== undefined) return inForce;
  throw new Refused({
    code: 'CHARGES_NO_CARD',
    message: `no rate card covers ${date}; the first one starts ${cards[0]?.since ?? 'never'}`,
    context: { date },
  });
}

/**
 * The broker's fee for squaring a position off: ₹50 and 18 % GST. Source: docs/kite.md, Intraday at the
 * broker.
 */
export const brokerSquareOffFee = paise(5_900);

/**
 * The depository's fee per stock and day on which shares leave the account, GST included. Source:
 * docs/kite.md, Charges.
 */
export const depositoryFee = paise(1_534);
