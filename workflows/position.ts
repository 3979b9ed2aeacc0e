// One position, from intent to flat. The workflow only wires: messages and answers become events of the
// pure state machine in domain/position, its commands become activities. It outlives its day's failure.
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { BandActivities } from '../activities/marketData';
import type { BrokerActivities } from '../activities/broker';
import type { LedgerActivities } from '../activities/ledger';
import { Refused } from '../domain/errors';
import type { SendOutcome } from '../domain/orders/order';
import {
  apply,
  checkClose,
  checkTighten,
  initialState,
  nextCommand,
  termsOf,
  viewOf,
  type PositionCommand,
  type PositionEvent,
  type PositionState,
  type PositionTerms,
} from '../domain/position';
import type { RiskApproved } from '../domain/risk';
import { triggerBand } from '../domain/trailing';
import { epochMs, paise, type EpochMs } from '../domain/units';
import {
  closeUpdate,
  crossedSignal,
  leaveSignal,
  officeQueue,
  orderHintSignal,
  positionQuery,
  positionReportSignal,
  tightenUpdate,
} from './messages';
import { positionAlerts } from './positionAlerts';
import { bookkeeping, brokerRead, brokerWrite } from './policies';
import { positionDisplay } from './show';

const write = proxyActivities<BrokerActivities>(brokerWrite);
const read = proxyActivities<BrokerActivities>(brokerRead);
const bands = proxyActivities<BandActivities>(bookkeeping);
const ledger = proxyActivities<LedgerActivities>({ ...bookkeeping, taskQueue: officeQueue });

export interface PositionInput {
  readonly terms: RiskApproved<PositionTerms>;
  readonly dayWorkflowId: string;
  /** Carried over when the run continues as new. */
  readonly state?: PositionState;
}

const now = (): EpochMs => epochMs(Date.now());

/** Refusals reach an operator as a typed failure, not as a stuck task. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused) throw ApplicationFailure.nonRetryable(error.message, error.code);
    throw error;
  }
}

export async function position({
  terms,
  dayWorkflowId,
  state: carried,
}: PositionInput): Promise<void> {
  let state = carried ?? initialState;
  let woken = false;
  const { intent } = terms;
  const view = (): ReturnType<typeof viewOf> => viewOf(terms, state);
  const take = (event: PositionEvent): void => {
    state = apply(terms, state, event);
    woken = true;
  };
  setHandler(crossedSignal, ({ seq, path }) =>
    take({ kind: 'crossed', seq, path, atr: intent.atrAtEntry, at: now() }),
  );
  setHandler(orderHintSignal, () => take({ kind: 'hinted' }));
  setHandler(leaveSignal, ({ reason }) => take({ kind: 'exitWanted', reason, at: now() }));
  setHandler(positionQuery, view);
  setHandler(
    tightenUpdate,
    ({ stop }) => {
      take({ kind: 'tightened', stop });
      return view();
    },
    { validator: ({ stop }) => refusing(() => checkTighten(terms, state, stop)) },
  );
  setHandler(
    closeUpdate,
    () => {
      take({ kind: 'exitWanted', reason: 'operator', at: now() });
      return view();
    },
    { validator: () => refusing(() => checkClose(terms, state)) },
  );

  const alerts = positionAlerts(intent.account, terms);
  const show = positionDisplay();
  let recording: Promise<unknown> = Promise.resolve();
  let recorded = '';
  let published = '';

  /** Keeps our records up with the books; the trading path does not wait for it. */
  const record = (): void => {
    const snapshot = {
      orders: state.books?.orders ?? [],
      fills: state.books?.fills ?? [],
      trail: state.trail,
    };
    const key = JSON.stringify([
      snapshot.orders,
      snapshot.fills.length,
      snapshot.trail?.stop,
      snapshot.trail?.target,
    ]);
    if (key === recorded) return;
    recorded = key;
    recording = recording.then(() => ledger.recordPosition(intent.intentId, snapshot));
  };
  const publish = async (): Promise<void> => {
    const trailing = termsOf(terms, state);
    if (trailing === null || state.trail === null) return;
    const band = triggerBand(trailing, state.trail, intent.atrAtEntry);
    const key = JSON.stringify(band);
    if (key === published) return;
    published = key;
    await bands.publishBand({
      workflowId: workflowInfo().workflowId,
      instrumentToken: intent.instrument.instrumentToken,
      ...band,
    });
  };
  const carryOut = async (command: PositionCommand): Promise<void> => {
    switch (command.kind) {
      case 'sendEntry': {
        take({ kind: 'entrySending' });
        await ledger.recordIntent(intent);
        const outcome = await answered(() =>
          write.sendEntry(command.order as RiskApproved<typeof command.order>),
        );
        take({ kind: 'entryAnswered', outcome, at: now() });
        return;
      }
      case 'placeExit':
        take({
          kind: 'exitAnswered',
          outcome: await answered(() => write.placeExit(command.order)),
          at: now(),
        });
        return;
      case 'modifyExit':
        take({
          kind: 'modifyAnswered',
          outcome: await answered(() => write.modifyExit(command.orderId, command.order)),
          at: now(),
        });
        return;
      case 'cancel':
        await answered(() => write.cancelOrder(command.orderId));
        take({ kind: 'cancelAnswered' });
        return;
      case 'readBooks':
        take({
          kind: 'booksRead',
          reading: await read.readBooks(intent.intentId, intent.instrument.tradingsymbol),
        });
        return;
      case 'wantExit':
        take({ kind: 'exitWanted', reason: command.reason, at: now() });
        return;
      case 'finish':
        take({ kind: 'finished' });
        return;
      case 'wait':
        await condition(
          () => woken || workflowInfo().continueAsNewSuggested,
          Math.max(1, command.until - now()),
        );
        return;
    }
  };

  while (!state.closed) {
    woken = false;
    const command = nextCommand(terms, state, now());
    await carryOut(command);
    record();
    alerts.notice(state);
    show(view());
    if (command.kind === 'wait') await publish();
    if (workflowInfo().continueAsNewSuggested && !state.closed) {
      await recording;
      await alerts.flushed();
      await condition(allHandlersFinished);
      await continueAsNew<typeof position>({ terms, dayWorkflowId, state });
    }
  }
  await recording;
  await bands.withdrawBand(workflowInfo().workflowId);
  const result = await ledger.settlePosition(intent.intentId, view());
  alerts.closed(view(), result);
  await alerts.flushed();
  const report = {
    intentId: intent.intentId,
    closed: true,
    netPnl: paise(result.grossPnl - result.charges),
  };
  // The day may be over or gone; the position's own end does not depend on it.
  await getExternalWorkflowHandle(dayWorkflowId)
    .signal(positionReportSignal, report)
    .catch(() => undefined);
  await condition(allHandlersFinished);
}

/** A write that failed as an activity has an unknown outcome, nothing better. */
async function answered(send: () => Promise<SendOutcome>): Promise<SendOutcome> {
  try {
    return await send();
  } catch (error) {
    return {
      kind: 'inDoubt',
      message: error instanceof Error ? error.message : 'the order call did not end',
    };
  }
}
