// The one place where charges are computed. Exchange, ledger and backtest all call it, so their cash agrees
// to the paisa. The unit is the executed ORDER, not the fill, because the broker's cap of ₹20 is per order.
import { invariant } from '../assert';
import { paise, type Paise, type Product, type Side } from '../units';
import { nseRateCards, rateCardOn, type Ppb, type RateCard } from './rateCard';

/** One executed order. `turnover` is the sum of quantity × price over all its fills, in paise. */
export interface ExecutedOrder {
  readonly side: Side;
  readonly product: Product;
  /** Session date, `YYYY-MM-DD`: chooses the rate card. */
  readonly date: string;
  readonly turnover: Paise;
}

/** What an executed order cost beyond its price. All in paise, none negative. */
export interface Charges {
  readonly brokerage: Paise;
  readonly stt: Paise;
  readonly exchange: Paise;
  readonly sebi: Paise;
  readonly stamp: Paise;
  readonly gst: Paise;
  /** Exactly the sum of the six above. */
  readonly total: Paise;
}

export const noCharges: Charges = {
  brokerage: paise(0),
  stt: paise(0),
  exchange: paise(0),
  sebi: paise(0),
  stamp: paise(0),
  gst: paise(0),
  total: paise(0),
};

/**
 * The charges of one executed order.
 *
 * Rounding: each of the six components is rounded half up to a whole paisa, once per order, on the
 * order's whole turnover; GST is taken on the rounded brokerage, exchange and SEBI charges; the total
 * is the sum of the rounded components. While an order fills in parts, its charges are those of the
 * turnover so far (recomputed, not added per fill). The contract note's rounding of the day's STT to
 * the rupee is not applied.
 * @throws Refused CHARGES_NO_CARD for a date before the first rate card.
 */
export function chargesForOrder(
  order: ExecutedOrder,
  cards: readonly RateCard[] = nseRateCards,
): Charges {
  invariant(order.turnover >= 0, 'Invariant: turnover is not negative');
  const card = rateCardOn(order.date, cards);
  const rates = card[order.product];
  const isBuy = order.side === 'BUY';
  const part = (rate: Ppb): Paise => share(order.turnover, rate);
  const brokerage = paise(Math.min(part(rates.brokerage), rates.brokerageCap));
  const exchange = part(card.exchangeTurnover);
  const sebi = part(card.sebiTurnover);
  return withTotal({
    brokerage,
    stt: part(isBuy ? rates.sttOnBuy : rates.sttOnSell),
    exchange,
    sebi,
    stamp: isBuy ? part(rates.stampOnBuy) : paise(0),
    gst: share(brokerage + exchange + sebi, card.gst),
  });
}

/** The sum, component by component. */
export function addCharges(left: Charges, right: Charges): Charges {
  return withTotal({
    brokerage: paise(left.brokerage + right.brokerage),
    stt: paise(left.stt + right.stt),
    exchange: paise(left.exchange + right.exchange),
    sebi: paise(left.sebi + right.sebi),
    stamp: paise(left.stamp + right.stamp),
    gst: paise(left.gst + right.gst),
  });
}

function withTotal(parts: Omit<Charges, 'total'>): Charges {
  const { brokerage, stt, exchange, sebi, stamp, gst } = parts;
  return { ...parts, total: paise(brokerage + stt + exchange + sebi + stamp + gst) };
}

/** `amount` × `rate`, half up. In BigInt: ₹10 crore at 0.1 % no longer fits a double's integers. */
function share(amount: number, rate: Ppb): Paise {
  const ppb = 1_000_000_000n;
  return paise(Number((BigInt(amount) * BigInt(rate) + ppb / 2n) / ppb));
}
