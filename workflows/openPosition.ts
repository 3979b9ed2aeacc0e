// Starts a position as the day's child: freshly approved, or adopted because no workflow looks after it.
import {
  ParentClosePolicy,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError, type SearchAttributePair } from '@temporalio/common';
import { openedBy } from '../domain/entry';
import {
  adoptedState,
  type Intent,
  type PositionTerms,
  type PositionTraces,
} from '../domain/position';
import type { RiskApproved } from '../domain/risk';
import { now } from './hostClock';
import type { DayState } from './dayState';
import { ordersQueue, positionWorkflowId } from './messages';
import { workflowTaskTimeout } from './policies';
import { position, type PositionInput } from './position';
import { attributes } from './show';

export async function openPosition(
  state: DayState,
  terms: RiskApproved<PositionTerms>,
): Promise<void> {
  track(state, terms.intent);
  await start(terms, {
    terms,
    dayWorkflowId: workflowInfo().workflowId,
    isShown: state.isShown,
  });
}

/** Starts a workflow for a position that has none. If it has one after all, that one goes on. */
export async function adoptPosition(
  state: DayState,
  terms: PositionTerms,
  traces: PositionTraces,
): Promise<void> {
  track(state, terms.intent);
  await start(terms, {
    // Its entry is at the broker already and was approved when it was sent.
    terms: terms as RiskApproved<PositionTerms>,
    dayWorkflowId: workflowInfo().workflowId,
    isShown: state.isShown,
    state: adoptedState(terms, now(), traces),
  }).catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  });
}

/** Counts the intent in the day from now on, at full size until its position reports. */
const track = (state: DayState, intent: Intent): void =>
  state.opening({
    ...openedBy(intent),
    workflowId: positionWorkflowId(intent.account, intent.intentId),
  });

async function start({ intent }: PositionTerms, input: PositionInput): Promise<void> {
  await startChild(position, {
    workflowId: positionWorkflowId(intent.account, intent.intentId),
    taskQueue: ordersQueue(intent.account),
    args: [input],
    workflowTaskTimeout,
    workflowIdReusePolicy:
      input.state === undefined
        ? WorkflowIdReusePolicy.REJECT_DUPLICATE
        : WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    // The position must outlive this day's failure.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `${intent.direction} ${intent.quantity} ${intent.instrument.tradingsymbol}`,
    typedSearchAttributes: [
      { key: attributes.account, value: intent.account },
      { key: attributes.date, value: intent.date },
      ...(input.isShown === false ? [] : shownAtStart(intent)),
    ],
  });
}

const shownAtStart = ({ instrument, direction }: Intent): readonly SearchAttributePair[] => [
  { key: attributes.symbol, value: instrument.tradingsymbol },
  { key: attributes.direction, value: direction },
  { key: attributes.phase, value: 'entering' },
];
