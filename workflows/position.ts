// One position, from intent to flat. The workflow only wires: messages become events, and one loop asks the
// state machine for the next command until the position is closed. It outlives its day's failure.
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import { Refused } from '../domain/errors';
import {
  checkClose,
  checkPolicyChange,
  checkTighten,
  initialState,
  type PositionState,
  type PositionTerms,
} from '../domain/position';
import type { RiskApproved } from '../domain/risk';
import type { TrailingPolicy } from '../domain/trailing';
import { paise, type Paise } from '../domain/units';
import { crossingShape, leaveShape, orderReportShape } from '../domain/messages/shapes';
import { droppedMessages, taking } from './droppedMessages';
import { now } from './hostClock';
import {
  closeUpdate,
  crossedSignal,
  leaveSignal,
  orderHintSignal,
  policyUpdate,
  positionQuery,
  positionReportSignal,
  reconcileSignal,
  tightenUpdate,
} from './messages';
import { positionAlerts, type PositionAlerts } from './positionAlerts';
import { ledger, PositionRun } from './positionRun';
import { positionOutbox } from './raiseAlert';
import { positionDisplay } from './show';

export interface PositionInput {
  readonly terms: RiskApproved<PositionTerms>;
  readonly dayWorkflowId: string;
  /** As the day's `shownInTemporal`. */
  readonly isShown?: boolean;
  /** The state of the run before this one, when it continued as new. */
  readonly state?: PositionState;
}

export async function position(input: PositionInput): Promise<void> {
  const { terms, dayWorkflowId, isShown = true } = input;
  const run = new PositionRun(terms, input.state ?? initialState);
  listen(run, terms);
  const { account, intentId, instrument, direction } = terms.intent;
  const { tradingsymbol } = instrument;
  const outbox = positionOutbox(account, { intentId, tradingsymbol, direction });
  const alerts = positionAlerts(terms, outbox, {
    compareBooks: () =>
      void getExternalWorkflowHandle(dayWorkflowId)
        .signal(reconcileSignal, { reason: `more was ordered as ${intentId} than approved` })
        .catch(() => undefined),
  });
  const show = positionDisplay(isShown);
  while (!run.isOver()) {
    await run.step((state) => alerts.notice(state));
    alerts.notice(run.state);
    show(run.view);
    if (workflowInfo().continueAsNewSuggested && !run.isOver()) {
      await run.recorded();
      await alerts.flushed();
      await condition(allHandlersFinished);
      await continueAsNew<typeof position>({ ...input, state: run.state });
    }
  }
  await run.recorded();
  await run.withdrawBand();
  const netPnl = await bookEnd(run, terms, alerts);
  await alerts.flushed();
  const report = { intentId: terms.intent.intentId, closed: true, netPnl };
  // The day may be over or gone. The position's own end does not depend on it.
  await getExternalWorkflowHandle(dayWorkflowId)
    .signal(positionReportSignal, report)
    .catch(() => undefined);
  await condition(allHandlersFinished);
}

/**
 * Settles a closed position, or hands on one held over the night. @returns its profit after charges; 0 when
 * handed on.
 */
async function bookEnd(
  run: PositionRun,
  { intent: { intentId }, date }: PositionTerms,
  alerts: PositionAlerts,
): Promise<Paise> {
  const { view } = run;
  if (run.isClosed()) {
    const result = await ledger.settlePosition(intentId, view);
    alerts.closed(view, result);
    return paise(result.grossPnl - result.charges);
  }
  await ledger.carryPosition(intentId, { date, view, leaving: view.exitReason });
  alerts.carried(view, date);
  return paise(0);
}

interface PolicyChange {
  readonly policy: TrailingPolicy;
  readonly force: boolean;
}

/** Sets every handler. A handler only changes state; the loop acts on it. */
function listen(run: PositionRun, terms: PositionTerms): void {
  setHandler(
    crossedSignal,
    taking('crossed', crossingShape, ({ epoch = 0, seq, path }) =>
      run.take({ kind: 'crossed', epoch, seq, path, at: now() }),
    ),
  );
  setHandler(
    orderHintSignal,
    taking('orderHint', orderReportShape.optional(), (report) =>
      run.take(report === undefined ? { kind: 'hinted' } : { kind: 'reported', report, at: now() }),
    ),
  );
  setHandler(
    leaveSignal,
    taking('leave', leaveShape, ({ reason }) =>
      run.take({ kind: 'exitWanted', reason, at: now() }),
    ),
  );
  setHandler(positionQuery, () => ({ ...run.view, droppedMessages: droppedMessages() }));
  setHandler(
    tightenUpdate,
    ({ stop }) => {
      run.take({ kind: 'tightened', stop });
      return run.view;
    },
    {
      validator: ({ stop }: { readonly stop: Paise }) =>
        refusing(() => checkTighten(terms, run.state, stop)),
    },
  );
  setHandler(
    policyUpdate,
    ({ policy, force }) => {
      const effect = checkPolicyChange(terms, run.state, policy, force);
      run.take({ kind: 'policyChanged', policy, force });
      return effect;
    },
    {
      validator: ({ policy, force }: PolicyChange) =>
        refusing(() => checkPolicyChange(terms, run.state, policy, force)),
    },
  );
  setHandler(
    closeUpdate,
    () => {
      run.take({ kind: 'exitWanted', reason: 'operator', at: now() });
      return run.view;
    },
    { validator: () => refusing(() => checkClose(terms, run.state)) },
  );
}

/**
 * A refusal reaches the operator as a typed failure. Thrown as it is, it would fail the task again and again.
 */
function refusing(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Refused) throw ApplicationFailure.nonRetryable(error.message, error.code);
    throw error;
  }
}
