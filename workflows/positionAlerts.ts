// Which changes of a position raise an alert, and with what body.
import type { AlertBody, PositionAlertType } from '../domain/alerts/catalogue';
import {
  averagePrice,
  beyondApproved,
  entryName,
  exitReasonOf,
  holdingOf,
  orderedUnder,
  refusalOf,
  stopAtRest,
  termsOf,
  unknownMaxMs,
  unknownSince,
  type Intent,
  type Holding,
  type PositionState,
  type PositionTerms,
  type PositionView,
} from '../domain/position';
import { openParts } from '../domain/orders/order';
import type { Settlement } from '../activities/ledger';
import { formatRupees, paise } from '../domain/units';
import { now } from './hostClock';
import type { AlertOutbox } from './raiseAlert';

/** Held without a live exit for longer than this is an alarm (docs/reliability.md, I4). */
const uncoveredMaxMs = 5_000;
/** Alerts of a moving stop are at least this far apart. Each tells where the stop is by then. */
const stopMovedEveryMs = 5_000;
/** After so many refused moves of the stop, a person should look. The old stop still rests. */
const refusalsMax = 3;

export interface PositionAlerts {
  /** Raises what has become true since the last call. */
  notice(state: PositionState): void;
  closed(view: PositionView, settlement: Settlement): void;
  /** The position is held over the night after the session of `date`. */
  carried(view: PositionView, date: string): void;
  flushed(): Promise<void>;
}

type RaiseOnce = AlertOutbox<PositionAlertType>['raise'];

/** Alarms: held and uncovered, sold twice, closed by somebody else. */
function dangerAlerts(
  once: RaiseOnce,
  intent: Intent,
): (state: PositionState, holding: Holding) => void {
  let uncoveredSince: number | null = null;
  return (state, { open, liveExits }) => {
    const covered = openParts(liveExits) + acceptedSince(state);
    uncoveredSince = covered < open ? (uncoveredSince ?? now()) : null;
    if (uncoveredSince !== null && now() - uncoveredSince > uncoveredMaxMs)
      once('protection.missing', String(uncoveredSince), { held: open, covered });
    const since = unknownSince(intent, state);
    if (since !== null && now() - since >= unknownMaxMs)
      once('protection.unknown', String(since), {
        order: entryName(intent, state),
        quantity: intent.quantity,
        seconds: Math.round((now() - since) / 1_000),
      });
    if (state.exit.refusedModifications >= refusalsMax)
      once('protection.stop_not_moved', String(state.trail?.stop), {
        wanted: formatRupees(state.trail?.stop ?? paise(0)),
        refusals: state.exit.refusedModifications,
        ...brokerSaid(intent, state),
      });
    if (open < 0) once('position.over_exited', 'exit', { surplus: -open });
    if (state.adopted.length === 0) return;
    once('position.closed_elsewhere', 'adopted', {
      quantity: state.adopted.reduce((sum, fill) => sum + fill.quantity, 0),
      byBroker: state.adopted.some((fill) => fill.byBroker),
    });
  };
}

/** More was ordered than risk has approved: a person is told, and the day compares the books at once. */
function beyondAlerts(
  once: RaiseOnce,
  intent: Intent,
  { compareBooks }: AlertParts,
): (state: PositionState) => void {
  let told = 0;
  return ({ books }) => {
    const orders = books?.orders ?? [];
    const ordered = orderedUnder(intent, orders);
    if (beyondApproved(intent, orders) === 0 || ordered <= told) return;
    told = ordered;
    once('position.beyond_approved', String(ordered), { approved: intent.quantity, ordered });
    compareBooks();
  };
}

/** Shares of the exits the broker has accepted since the books were read. */
const acceptedSince = ({ exit, books }: PositionState): number =>
  exit.unseen
    .filter(({ orderId, at }) => orderId !== null && at > (books?.at ?? 0))
    .reduce((sum, { quantity }) => sum + quantity, 0);

function brokerSaid(intent: Intent, state: PositionState): { readonly brokerSaid?: string } {
  const words = refusalOf(intent, state);
  return words === null ? {} : { brokerSaid: words };
}

const carriedBody = ({
  quantity,
  confirmedStop,
  target,
  exitReason,
}: PositionView): AlertBody<'position.carried'> => ({
  quantity,
  protected: confirmedStop !== null,
  stop: confirmedStop === null ? 'none' : formatRupees(confirmedStop),
  target: target === null ? 'none' : formatRupees(target),
  ...(exitReason === null ? {} : { toBeLeft: exitReason }),
});

export interface AlertParts {
  /** Asks the day to compare the books with our records now. */
  readonly compareBooks: () => void;
}

export function positionAlerts(
  terms: PositionTerms,
  outbox: AlertOutbox<PositionAlertType>,
  parts: AlertParts,
): PositionAlerts {
  const { intent } = terms;
  const seen = new Set<string>();
  const once: RaiseOnce = (type, key, body) => {
    if (seen.has(`${type}/${key}`)) return;
    seen.add(`${type}/${key}`);
    outbox.raise(type, key, body);
  };
  const danger = dangerAlerts(once, intent);
  const beyond = beyondAlerts(once, intent, parts);
  let quietUntil = 0;
  return {
    notice(state) {
      const holding = holdingOf(intent, state);
      const { entry, trail } = state;
      danger(state, holding);
      beyond(state);
      if (entry.kind === 'dead') once('trade.rejected', 'entry', { why: entry.why });
      if (entry.kind === 'inDoubt') once('trade.in_doubt', 'entry', { why: entry.why });
      if (exitReasonOf(state) === 'stopRefused')
        once('protection.refused', 'stop', {
          refusals: state.exit.refusals,
          ...brokerSaid(intent, state),
        });
      const trailing = termsOf(terms, state);
      if (
        trailing === null ||
        trail === null ||
        holding.entered.quantity === 0 ||
        holding.liveEntry !== undefined
      )
        return;
      once('trade.opened', 'entry', {
        quantity: holding.entered.quantity,
        price: formatRupees(averagePrice(holding.entered)),
        stop: formatRupees(trailing.initialStop),
        target: formatRupees(trailing.initialTarget),
        why: intent.reason,
      });
      const stop = stopAtRest(intent, state);
      if (stop !== null && stop !== trailing.initialStop && now() >= quietUntil) {
        if (!seen.has(`trade.stop_moved/${stop}`)) quietUntil = now() + stopMovedEveryMs;
        once('trade.stop_moved', String(stop), {
          stop: formatRupees(stop),
          target: formatRupees(trail.target),
        });
      }
    },
    closed(view, { grossPnl, charges }) {
      if (view.entryPrice === 0) return;
      once('trade.closed', 'exit', {
        quantity: view.quantity,
        entry: formatRupees(view.entryPrice),
        exit: formatRupees(view.exitPrice),
        why: view.exitReason ?? 'closed',
        pnlAfterCharges: formatRupees(paise(grossPnl - charges)),
        charges: formatRupees(charges),
      });
    },
    carried: (view, date) => once('position.carried', date, carriedBody(view)),
    flushed: () => outbox.flushed(),
  };
}
