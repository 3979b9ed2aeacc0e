// What stays at the broker when the system is stopped with positions open, in words for whoever stops it.
import { isLive, netFilled, openPart, type BookOrder } from '../orders/order';
import { intentOfTag, isIntentTag, isResting, type Intent } from '../position';
import { directionSign, formatRupees, paise, type Direction, type Product } from '../units';

/** A position of our records, with what the books do not say of it. */
export interface StoppedIntent {
  readonly intent: Pick<Intent, 'intentId' | 'direction' | 'product' | 'instrument'>;
  /** Signed quantity of foreign trades it has taken as its own. */
  readonly adopted: number;
  /** Signed quantity held from earlier sessions. */
  readonly carried: number;
  readonly isClosed: boolean;
}

/** A position as the system leaves it. */
export interface Resting {
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly product: Product;
  /** Shares held; 0 while only an entry is on its way. */
  readonly held: number;
  readonly stops: readonly BookOrder[];
  /** Orders that leave the position. */
  readonly leaving: readonly BookOrder[];
  readonly entries: readonly BookOrder[];
  /** An entry was meant, and no book has it yet. */
  readonly isUnseen: boolean;
}

/** @param orders of the day, with their owners' tags and our triggers among them. @returns what is not over. */
export function restingOf(
  intents: readonly StoppedIntent[],
  orders: readonly BookOrder[],
): readonly Resting[] {
  return intents.map((one) => restingOfIntent(one, orders)).filter(isOpen);
}

const isOpen = ({ held, stops, leaving, entries, isUnseen }: Resting): boolean =>
  held !== 0 || isUnseen || stops.length + leaving.length + entries.length > 0;

function restingOfIntent(
  { intent, adopted, carried, isClosed }: StoppedIntent,
  orders: readonly BookOrder[],
): Resting {
  const { intentId, direction, product, instrument } = intent;
  const own = orders.filter(
    ({ tag }) => tag !== null && isIntentTag(tag) && intentOfTag(tag) === intentId,
  );
  const sign = directionSign(direction);
  const isEntry = ({ side }: BookOrder): boolean => (side === 'BUY') === (sign === 1);
  const live = own.filter(isLive);
  const exits = live.filter((order) => !isEntry(order));
  return {
    tradingsymbol: instrument.tradingsymbol,
    direction,
    product,
    held: isClosed ? 0 : sign * (netFilled(own) + adopted + carried),
    stops: exits.filter(isResting),
    leaving: exits.filter((order) => !isResting(order)),
    entries: live.filter(isEntry),
    isUnseen: !isClosed && own.length === 0 && adopted === 0 && carried === 0,
  };
}

const stopWords = (order: BookOrder): string => {
  const levels = `stop of ${openPart(order)} at ${formatRupees(order.trigger)}`;
  return order.orderType === 'OCO'
    ? `a trigger at the broker, ${levels}, target ${formatRupees(order.target ?? paise(0))} (${order.orderId})`
    : `${levels}, limit ${formatRupees(order.price)} (order ${order.orderId})`;
};

const orderWords =
  (what: string) =>
  (order: BookOrder): string =>
    `${what} of ${openPart(order)} at ${formatRupees(order.price)} (order ${order.orderId})`;

/** One line of a position; unprotected shares stand out. */
function lineOf(resting: Resting): string {
  const { tradingsymbol, direction, product, held, stops, leaving, entries, isUnseen } = resting;
  const covered = [...stops, ...leaving].reduce((sum, order) => sum + openPart(order), 0);
  const parts = [
    ...(held > covered ? [`NOT PROTECTED: ${held - covered} shares`] : []),
    ...(held < 0 ? [`TRADED BEYOND: ${0 - held} shares`] : []),
    ...stops.map(stopWords),
    ...leaving.map(orderWords('an order that leaves')),
    ...entries.map(orderWords('an entry')),
    ...(isUnseen ? ['an entry may be on its way: no book has it yet'] : []),
  ];
  return `${tradingsymbol} ${direction} ${Math.abs(held)} ${product}: ${parts.join('; ')}`;
}

/** What a person reads when the system stops. */
export function restingLines(resting: readonly Resting[]): readonly string[] {
  if (resting.length === 0) return ['no position is open, and no order of ours is at the broker'];
  const isIntraday = resting.some(({ product }) => product === 'MIS');
  return [
    `${resting.length === 1 ? 'one position stays' : `${resting.length} positions stay`} at the broker, and nobody moves its stops until the system is up again:`,
    ...resting.map((one) => `  ${lineOf(one)}`),
    ...(isIntraday
      ? [
          'stops rest until the exchange stops trading; the broker squares intraday positions off before',
        ]
      : []),
  ];
}
