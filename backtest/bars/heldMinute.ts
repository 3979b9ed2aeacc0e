// What a minute's candle does to a held position, in an order that never favours it: the open, then the extreme against
// it, then the one for it, then the close. Real minutes take that order or a kinder one. Stop, target and how they move
// are the domain's own.
import { ratchet, touchedBy, type Trail, type TrailingTerms } from '../../domain/trailing';
import { clampToBand, roundToTick } from '../../domain/market/instrument';
import { directionSign, paise, type Paise } from '../../domain/units';
import type { MinuteColumns } from '../../domain/market/minuteColumns';

/** What an order gives up against the price it is sent at. The larger of the two counts. */
export interface Slippage {
  /** Of the stock's tick: half the spread, as a rule. */
  readonly ticks: number;
  /** Basis points of the price. */
  readonly bps: number;
}

/** Half a spread of one or two ticks, rounded up. */
export const defaultSlippage: Slippage = { ticks: 1, bps: 0 };

/** A price moved against whoever trades: up for a buyer, down for a seller. @param sign 1 buys, −1 sells. */
export function slipped(
  price: Paise,
  sign: 1 | -1,
  { ticks, bps }: Slippage,
  { tickSize, band }: Pick<TrailingTerms, 'tickSize' | 'band'>,
): Paise {
  const away = Math.max(ticks * tickSize, (price * bps) / 10_000);
  const moved = roundToTick(price + sign * away, tickSize, sign === 1 ? 'up' : 'down');
  return clampToBand(moved, band, tickSize);
}

/** How a minute ended for the position: still held, under this trail, or left at a price. */
export type MinuteEnd =
  | { readonly kind: 'held'; readonly trail: Trail }
  | { readonly kind: 'left'; readonly reason: 'stop' | 'target'; readonly price: Paise };

/** @param entered the minute is the one in which the position was entered at its open. */
export function heldMinute(
  terms: TrailingTerms,
  trail: Trail,
  minutes: MinuteColumns,
  { row, entered }: { readonly row: number; readonly entered: boolean },
): MinuteEnd {
  const open = paise(minutes.open[row] ?? 0);
  const high = paise(minutes.high[row] ?? 0);
  const low = paise(minutes.low[row] ?? 0);
  const close = paise(minutes.close[row] ?? 0);
  const isLong = terms.direction === 'LONG';
  let current = trail;
  if (!entered) {
    // A minute that opens beyond the stop fills there, not at the stop.
    if (touchedBy(terms, current, open) === 'stop')
      return { kind: 'left', reason: 'stop', price: open };
    if (touchedBy(terms, current, open) === 'target')
      return { kind: 'left', reason: 'target', price: current.target };
    current = gained(terms, current, open);
  }
  const [against, inFavour] = isLong ? [low, high] : [high, low];
  for (const price of [against, inFavour, close]) {
    const touch = touchedBy(terms, current, price);
    if (touch !== 'none')
      return {
        kind: 'left',
        reason: touch,
        price: touch === 'stop' ? current.stop : current.target,
      };
    current = gained(terms, current, price);
  }
  return { kind: 'held', trail: current };
}

/** Only a new best price moves the stop, so only then is it worked out. */
function gained(terms: TrailingTerms, trail: Trail, price: Paise): Trail {
  const d = directionSign(terms.direction);
  return d * (price - trail.best) > 0 ? ratchet(terms, trail, price, terms.atrAtEntry) : trail;
}
