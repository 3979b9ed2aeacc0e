// The day compares the broker's books with our records: at its start, on a timer and at its end. A position
// without a workflow is adopted, an orphaned order cancelled, a foreign holding reported and its stock
// quarantined.
import { condition, proxyActivities } from '@temporalio/workflow';
import type { BrokerActivities, ReconcileActivities } from '../activities/broker';
import type { LedgerActivities } from '../activities/ledger';
import type { Finding } from '../domain/reconciliation';
import { officeQueue } from './messages';
import { positionTerms } from '../domain/entry';
import type { SessionPlan } from '../domain/session/sessionPlan';
import type { DayState } from './dayState';
import { adoptPosition } from './openPosition';
import { bookkeeping, brokerRead, brokerWrite } from './policies';
import type { AlertOutbox } from './raiseAlert';
import type { TradingDayInput } from './dayInput';

const read = proxyActivities<ReconcileActivities>(brokerRead);
const write = proxyActivities<BrokerActivities>(brokerWrite);
const ledger = proxyActivities<LedgerActivities>({ ...bookkeeping, taskQueue: officeQueue });

/** What reconciliation works with. */
export interface ReconcileContext {
  readonly input: TradingDayInput;
  readonly state: DayState;
  readonly plan: SessionPlan;
  readonly outbox: AlertOutbox;
}

/** Compares once and repairs what can be repaired. @returns the number of findings. */
export async function reconcileOnce(context: ReconcileContext): Promise<number> {
  const { input, state, plan, outbox } = context;
  const { findings, adoptable } = await read.reconcile(
    input.account,
    input.date,
    state.openIntents(),
  );
  // A stuck workflow is ended before the position is adopted: two would move the same stop.
  for (const finding of findings) {
    if (finding.kind !== 'stuck') continue;
    outbox.raise('position.stuck', finding.intentId, { ...finding });
    await read.endStuck(input.account, finding.intentId, finding.attempts);
  }
  for (const { intent, traces } of adoptable) {
    outbox.raise('position.adopted', intent.intentId, {
      intentId: intent.intentId,
      tradingsymbol: intent.instrument.tradingsymbol,
    });
    const terms = positionTerms(
      { plan, timing: input.timing, modificationsMax: state.modificationsMax },
      intent,
    );
    await adoptPosition(state, terms, traces);
  }
  for (const finding of findings) {
    if (finding.kind === 'orphan') {
      outbox.raise('order.orphaned', finding.orderId, { ...finding });
      await write.cancelOrder(finding.orderId, finding.tag);
    }
    if (finding.kind === 'otherInstallation') await haltBesideAnother(context, finding);
    if (finding.kind === 'notCarried')
      outbox.raise('position.not_carried', finding.intentId, { ...finding });
    if (finding.kind === 'foreign')
      outbox.raise('position.foreign', `${finding.tradingsymbol}${finding.quantity}`, {
        ...finding,
      });
  }
  state.quarantine(
    findings.flatMap((finding) =>
      finding.kind === 'foreign' ||
      finding.kind === 'notCarried' ||
      finding.kind === 'beyondApproved'
        ? [finding.tradingsymbol]
        : [],
    ),
  );
  return findings.length;
}

/**
 * Two that trade one account would each keep limits of their own, so entries are halted until a person has
 * stopped one of them.
 */
async function haltBesideAnother(
  { input, state, outbox }: ReconcileContext,
  { installation, orderId, tag }: Extract<Finding, { kind: 'otherInstallation' }>,
): Promise<void> {
  if (!state.notedOther(orderId)) return;
  outbox.raise('account.other_installation', orderId, { installation, orderId, tag });
  state.halt(true);
  const reason = `another installation, ${installation}, trades this account`;
  await ledger.recordHalt(input.account, { halted: true, reason, who: 'the day' });
}

const everyMarketMs = 5 * 60_000;
const everyHostMinMs = 10_000;

/** Compares again and again until `isOver`. */
export async function keepReconciled(
  context: ReconcileContext,
  isOver: () => boolean,
): Promise<void> {
  const everyMs = Math.max(everyHostMinMs, everyMarketMs / context.plan.clock.speed);
  const { state } = context;
  while (!isOver()) {
    await condition(() => isOver() || state.reconcileWanted, everyMs);
    if (isOver()) return;
    state.wantReconciled(false);
    await reconcileOnce(context);
  }
}
