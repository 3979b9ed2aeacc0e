// The trading day: one durable loop over bars. It alone holds limits, capital and open risk. A position is
// started as a child that outlives it. Its steps are numbered in docs/trading-day.md.
import {
  allHandlersFinished,
  condition,
  ContinueAsNew,
  continueAsNew,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import { wordsOf } from '../domain/errors';
import type { DayActivities } from '../activities/marketData';
import type { LedgerActivities } from '../activities/ledger';
import type { ReportActivities } from '../activities/reports';
import { positionReportShape, reconcileShape } from '../domain/messages/shapes';
import { noCaps } from '../domain/risk';
import type { SessionPlan } from '../domain/session/sessionPlan';
import type { Paise } from '../domain/units';
import { tradeBars } from './barLoop';
import { closeEverything } from './closeEverything';
import type { PreparedDay, TradingDayInput, TradingDayResult } from './dayInput';
import { DayState } from './dayState';
import { compareWithBroker } from './endOfDay';
import { droppedMessages, taking } from './droppedMessages';
import { now } from './hostClock';
import {
  closeAllUpdate,
  dayQuery,
  haltUpdate,
  marketQueue,
  officeQueue,
  positionReportSignal,
  reconcileSignal,
  resumeUpdate,
  type DayView,
} from './messages';
import { bookkeeping, brokerRead } from './policies';
import { alertOutbox, type AlertOutbox } from './raiseAlert';
import { followNews } from './followNews';
import { checkReadiness, keepReady, untilLoggedIn } from './readiness';
import { keepReconciled, reconcileOnce, type ReconcileContext } from './reconciliation';
import { dayDisplay } from './show';

const preflight = proxyActivities<DayActivities>({
  ...brokerRead,
  startToCloseTimeout: '180s',
  taskQueue: marketQueue,
  retry: { ...brokerRead.retry, nonRetryableErrorTypes: ['Refused'] },
});
const ledger = proxyActivities<LedgerActivities>({ ...bookkeeping, taskQueue: officeQueue });
const reports = proxyActivities<ReportActivities>({
  ...bookkeeping,
  startToCloseTimeout: '120s',
  taskQueue: officeQueue,
});

export async function tradingDay(input: TradingDayInput): Promise<TradingDayResult> {
  const state = new DayState(input, input.carried?.memory);
  const outbox = alertOutbox(input.account);
  const display = dayDisplay(state.isShown);
  const show = (): DayView => {
    const view = state.view(now());
    display(view);
    return view;
  };
  listen(state, outbox, show);
  try {
    return await runDay({ input, state, outbox, show });
  } catch (error) {
    // Open positions go on without the day. A person must know that no new ones are opened and no report is
    // written.
    if (!(error instanceof ContinueAsNew)) {
      const why = wordsOf(error);
      outbox.raise('day.failed', 'error', { why });
      await outbox.flushed();
    }
    throw error;
  }
}

/** One run of the day with what it works with. */
interface DayRun {
  readonly input: TradingDayInput;
  readonly state: DayState;
  readonly outbox: AlertOutbox;
  readonly show: () => DayView;
}

async function runDay(run: DayRun): Promise<TradingDayResult> {
  const { input, state, outbox, show } = run;
  const { plan, stocks, from } = input.carried ?? (await prepare(run));
  const context = { input, state, plan, outbox, show };
  const sentiment = followNews(context, stocks);
  let over = false;
  const reconciling = keepReconciled(context, () => over);
  const becomingReady = keepReady(context, () => over);
  const next = await tradeBars({
    input,
    state,
    plan,
    stocks,
    show,
    from,
    raise: outbox.raise,
  });
  if (next !== null) return continueDay(run, { plan, stocks, from: next });
  enter(run, 'closing');
  await untilFlat(state, plan, outbox);
  over = true;
  await sentiment;
  await Promise.all([reconciling, becomingReady]);
  const findings = await endReconciled(context);
  enter(run, 'reporting');
  await compareWithBroker(input, outbox, findings);
  const summary = await reports.writeReport(input.account, input.date);
  outbox.raise('day.ended', 'end', {
    trades: summary.trades,
    pnlAfterCharges: summary.pnlAfterCharges,
  });
  enter(run, 'done');
  await outbox.flushed();
  await condition(allHandlersFinished);
  return { report: summary.path, trades: summary.trades };
}

function enter({ state, show }: DayRun, phase: DayView['phase']): void {
  state.enter(phase);
  show();
}

/** Steps 1 and 2: the session, the account's readiness, our records against the broker's books, and the stocks to watch. */
async function prepare(run: DayRun): Promise<PreparedDay> {
  const { input, state, outbox } = run;
  enter(run, 'preflight');
  await untilLoggedIn(run);
  const { plan, cash } = await open(input, state, outbox);
  await checkReadiness(run, cash);
  await reconcileOnce({ input, state, plan, outbox });
  enter(run, 'screening');
  const stocks = await preflight.screen(input.account, input.date);
  state.screened(stocks.length);
  outbox.raise('day.started', 'start', { date: input.date, stocks: stocks.length });
  enter(run, 'waiting');
  return { plan, stocks, from: null };
}

/** A long history continues as new with everything the day knows. Positions do not notice. */
async function continueDay(
  { input, state, outbox }: DayRun,
  prepared: PreparedDay,
): Promise<never> {
  await outbox.flushed();
  await condition(allHandlersFinished);
  const carried = { ...prepared, memory: state.memory };
  return continueAsNew<typeof tradingDay>({ ...input, carried });
}

/** The last comparison with the books. Anything found is an alarm. @returns the number of findings. */
async function endReconciled(context: ReconcileContext): Promise<number> {
  const findings = await reconcileOnce(context);
  if (findings > 0) context.outbox.raise('day.not_reconciled', 'end', { findings });
  return findings;
}

function listen(state: DayState, outbox: AlertOutbox, show: () => DayView): void {
  setHandler(dayQuery, () => ({ ...state.view(now()), droppedMessages: droppedMessages() }));
  setHandler(
    positionReportSignal,
    taking('positionReport', positionReportShape, (report) => {
      state.report(report, now());
      show();
    }),
  );
  setHandler(
    reconcileSignal,
    taking('reconcile', reconcileShape, () => state.wantReconciled(true)),
  );
  setHandler(
    haltUpdate,
    async ({ reason, by = byDay }) => {
      state.halt(true);
      outbox.raise('day.halted', String(now()), { reason });
      await ledger.recordHalt(state.account, { halted: true, reason, who: by });
      return show();
    },
    { validator: ({ reason }: { readonly reason: string }) => requireWords(reason) },
  );
  setHandler(resumeUpdate, async () => {
    // The row that a person's command wrote decides, not the message that points to it.
    const { halted, reason } = await ledger.readHalt(state.account);
    if (halted) throw stillHalted(reason);
    state.halt(false);
    outbox.raise('day.resumed', String(now()), {});
    return show();
  });
  setHandler(closeAllUpdate, async () => {
    state.halt(true);
    await ledger.recordHalt(state.account, { halted: true, reason: 'close all', who: byDay });
    await closeEverything(state.openWorkflows(), 'operator');
    return show();
  });
}

const byDay = 'the day';

const stillHalted = (reason: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `entries are still halted (${reason}): allow them with \`ratchet resume\``,
    'ENTRIES_HALTED',
  );

function requireWords(reason: string): void {
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > 200) {
    throw ApplicationFailure.nonRetryable('reason must be 1 to 200 characters', 'HALT_REASON');
  }
}

/** Step 1: the session's plan and cash, and whether the calendar goes on. */
async function open(
  input: TradingDayInput,
  state: DayState,
  outbox: AlertOutbox,
): Promise<{ readonly plan: SessionPlan; readonly cash: Paise }> {
  const { account, date, risk, trailing, timing, barMinutes, longProduct, caps = noCaps } = input;
  const terms = { risk, trailing, timing, barMinutes, longProduct, caps };
  const opened = await preflight.openSession(account, date, terms);
  const { plan, cash, capital = cash, modificationsMax, calendarEnds, mode = null } = opened;
  const { dayLossMax } = caps;
  state.opened(plan, { openingCapital: capital, dayLossMax, modificationsMax, mode });
  state.halt(opened.entriesHalted);
  await ledger.openLedger(account, date, cash);
  if (typeof calendarEnds === 'string') {
    state.warn(
      `the list of holidays ends on ${calendarEnds}; add the next year's to calendar in the configuration`,
    );
    outbox.raise('calendar.ends_soon', calendarEnds, { date, ends: calendarEnds });
  }
  return { plan, cash };
}

/**
 * Step 11: positions leave by their own timers. One that has not left at the close is an alarm. A delivery
 * position ends only after the close, and raises its own alerts.
 */
async function untilFlat(state: DayState, plan: SessionPlan, outbox: AlertOutbox): Promise<void> {
  const isFlat = (): boolean => state.openIntradayWorkflows().length === 0;
  if (!(await condition(isFlat, Math.max(1, plan.close - now()))))
    outbox.raise('day.not_flat', 'close', { positions: state.openIntradayWorkflows().join(', ') });
  await condition(() => state.openWorkflows().length === 0);
}
