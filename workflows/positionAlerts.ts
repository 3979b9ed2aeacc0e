// Which changes of a position people are told about, and in what words.
import {
  averagePrice,
  exitReasonOf,
  holdingOf,
  termsOf,
  type PositionState,
  type PositionTerms,
  type PositionView,
} from '../domain/position';
import type { Settlement } from '../activities/ledger';
import { formatRupees, paise } from '../domain/units';
import { alertOutbox } from './raiseAlert';

export interface PositionAlerts {
  /** Looks at the state and raises what has newly become true. */
  notice(state: PositionState): void;
  closed(view: PositionView, settlement: Settlement): void;
  flushed(): Promise<void>;
}

export function positionAlerts(account: string, terms: PositionTerms): PositionAlerts {
  const outbox = alertOutbox(account);
  const { intent } = terms;
  const seen = new Set<string>();
  const subject = {
    intentId: intent.intentId,
    tradingsymbol: intent.instrument.tradingsymbol,
    direction: intent.direction,
  };
  const once = (
    type: string,
    key: string,
    body: Record<string, string | number | boolean>,
  ): void => {
    if (seen.has(`${type}/${key}`)) return;
    seen.add(`${type}/${key}`);
    outbox.raise(type, key, { ...subject, ...body });
  };
  return {
    notice(state) {
      const holding = holdingOf(intent, state);
      const { entry, trail } = state;
      if (entry.kind === 'dead') once('trade.rejected', 'entry', { why: entry.why });
      if (entry.kind === 'inDoubt') once('trade.in_doubt', 'entry', { why: entry.why });
      if (exitReasonOf(state) === 'stopRefused')
        once('protection.refused', 'stop', { refusals: state.exit.refusals });
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
      if (trail.stop !== trailing.initialStop) {
        once('trade.stop_moved', String(trail.stop), {
          stop: formatRupees(trail.stop),
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
    flushed: () => outbox.flushed(),
  };
}
