// Checks of the broker's risk system. They come after the order got its id, so a failure shows in the
// book as REJECTED. Sources: docs/kite.md, Errors and Intraday at the broker.
import type { TradingDay } from '../../domain/session/calendar';
import { sessionClock } from '../../domain/session/sessionClock';
import { formatRupees, type EpochMs } from '../../domain/units';
import type { Account } from './account';
import { deliverableQuantity } from './holdings';
import { marginDemand } from './margins';
import { isStopType, openQuantity, type OrderView } from './order';
import { isLimitOnly, type SessionPhase } from './sessionGate';

/** What the trader reads and what the risk system wrote. */
export type RejectionReason = readonly [message: string, raw: string];

export interface RiskScene {
  readonly account: Account;
  /** Live orders other than the one checked. */
  readonly others: readonly OrderView[];
  readonly day: TradingDay;
  readonly phase: SessionPhase;
  readonly at: EpochMs;
}

/** Why the order is rejected, or undefined when it may go to the exchange. */
export function riskRejection(order: OrderView, scene: RiskScene): RejectionReason | undefined {
  return (
    sessionRejection(order, scene.phase) ??
    squareOffRejection(order, scene) ??
    moneyRejection(order, scene)
  );
}

/** Why the session does not take the order now. */
export function sessionRejection(
  order: OrderView,
  phase: SessionPhase,
): RejectionReason | undefined {
  const isStop = isStopType(order.orderType) || order.triggerPrice > 0;
  const isClosedToAll =
    phase === 'pre-open match' || phase === 'auction reference' || phase === 'auction match';
  if (isClosedToAll || phase === 'pause' || phase === 'closed') {
    return both('The exchange is not accepting orders in this phase of the session.');
  }
  if (order.orderType === 'MARKET' && isLimitOnly(phase)) {
    return both('Market orders are not allowed in this phase of the session.');
  }
  if (isStop && phase !== 'continuous') {
    return both('Stop loss orders are not allowed outside the continuous session.');
  }
  return undefined;
}

/** After the broker's square-off time nothing may open or grow an intraday position. */
function squareOffRejection(order: OrderView, scene: RiskScene): RejectionReason | undefined {
  const { brokerSquareOff } = sessionClock(scene.day, order.listing.hasDerivatives);
  if (order.product !== 'MIS' || scene.at < brokerSquareOff || order.placer === 'broker') {
    return undefined;
  }
  return both('Intraday (MIS) orders are not allowed now: the intraday square-off has started.');
}

function moneyRejection(order: OrderView, scene: RiskScene): RejectionReason | undefined {
  if (order.placer === 'broker') return undefined;
  const { account, others } = scene;
  if (order.product === 'CNC' && order.side === 'SELL') {
    const available = deliverableQuantity(account, order.listing, others);
    if (available >= openQuantity(order)) return undefined;
    return [
      `Insufficient stock holding. Required quantity is ${order.quantity} but available quantity is ${Math.max(0, available)}.`,
      `RMS:Rule: Check holdings including BTST for entity account-ALL`,
    ];
  }
  const { required, available } = marginDemand(account, others, order);
  if (required <= 0 || required <= available) return undefined;
  const [needs, has] = [formatRupees(required), formatRupees(available)].map((text) =>
    text.slice(1),
  );
  return [
    `Insufficient funds. Required margin is ${needs ?? ''} but available margin is ${has ?? ''}.`,
    `RMS:Margin Exceeds,Required:${needs ?? ''}, Available:${has ?? ''} for entity account-ALL`,
  ];
}

const both = (message: string): RejectionReason => [message, `RMS:Rule: ${message}`];
