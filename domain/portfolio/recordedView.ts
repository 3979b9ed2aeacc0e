// A position as our records show it, without asking the workflow that looks after it: what it is when Temporal
// cannot be reached, or its history is gone.
import { isLive, type BookOrder } from '../orders/order';
import { averagePrice, grossPnl, holdingOf, type PositionView } from '../position';
import { directionSign, exitSide, paise, shares, type Paise } from '../units';
import type { TradedPosition } from './index';

export interface RecordedPosition extends Omit<TradedPosition, 'settled'> {
  readonly orders: readonly Pick<BookOrder, 'side' | 'orderType' | 'status' | 'trigger'>[];
  /** Newest stop and target its trailing wanted; null before the entry has filled. */
  readonly levels: { readonly stop: Paise; readonly target: Paise } | null;
  /** How it looked when it closed; null while it has not. */
  readonly closed: PositionView | null;
}

export type RecordedView = Omit<PositionView, 'modifications'>;

export function recordedView(position: RecordedPosition): RecordedView {
  const { intent, fills, ltp, levels, closed } = position;
  if (closed !== null) return closed;
  const { intentId, instrument, direction, reason } = intent;
  const holding = holdingOf(intent, { books: null, adopted: fills });
  const exits = position.orders.filter(
    (order) => isLive(order) && order.side === exitSide(direction),
  );
  const stop = exits.find(({ orderType }) => orderType === 'SL');
  const entryPrice = averagePrice(holding.entered);
  const open = Math.max(0, holding.open);
  const unrealised = ltp === null ? 0 : directionSign(direction) * open * (ltp - entryPrice);
  return {
    ...{ intentId, tradingsymbol: instrument.tradingsymbol, direction, reason, ltp, entryPrice },
    phase: phaseOf(open, exits.length > 0, stop !== undefined),
    quantity: open > 0 ? shares(open) : holding.entered.quantity,
    exitPrice: averagePrice(holding.exited),
    desiredStop: levels?.stop ?? null,
    confirmedStop: stop?.trigger ?? null,
    target: levels?.target ?? null,
    pnl: paise(grossPnl(intent, holding) + Math.round(unrealised)),
    exitReason: null,
  };
}

function phaseOf(open: number, leaving: boolean, stopped: boolean): PositionView['phase'] {
  if (open === 0) return leaving ? 'exiting' : 'entering';
  if (stopped) return 'protected';
  return leaving ? 'exiting' : 'unprotected';
}
