// The trading day: one durable loop over bars. It alone holds limits, capital and open risk; a position
// is started as a child that outlives it. Steps are those of the design's section 4.
import { allHandlersFinished, condition, proxyActivities, setHandler } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { DayActivities, ScreenedStock } from '../activities/marketData';
import type { LedgerActivities } from '../activities/ledger';
import type { NewsActivities } from '../activities/news';
import type { ReportActivities } from '../activities/reports';
import type { PositionTiming } from '../domain/position';
import type { RiskLimits } from '../domain/risk';
import { marketTime, type SessionPlan } from '../domain/session/sessionPlan';
import type { StandardTrailing } from '../domain/trailing';
import type { EpochMs } from '../domain/units';
import { lastInstant, tradeBars } from './barLoop';
import { closeEverything } from './closeEverything';
import { dayState, type DayState } from './dayState';
import { now, sleepUntil } from './hostClock';
import {
  closeAllUpdate,
  dayQuery,
  haltUpdate,
  marketQueue,
  officeQueue,
  positionReportSignal,
  resumeUpdate,
  type DayView,
} from './messages';
import { analysis, bookkeeping, brokerRead } from './policies';
import { alertOutbox, type AlertOutbox } from './raiseAlert';
import { dayDisplay } from './show';

/** Everything the day is run by; frozen in its history. */
export interface TradingDayInput {
  readonly account: string;
  readonly date: string;
  readonly risk: RiskLimits;
  readonly trailing: StandardTrailing;
  readonly barMinutes: number;
  readonly timing: PositionTiming;
}

export interface TradingDayResult {
  readonly report: string;
  readonly trades: number;
}

const preflight = proxyActivities<DayActivities>({
  ...brokerRead,
  startToCloseTimeout: '180s',
  taskQueue: marketQueue,
  retry: { ...brokerRead.retry, nonRetryableErrorTypes: ['Refused'] },
});
const news = proxyActivities<NewsActivities>({ ...analysis, taskQueue: marketQueue });
const ledger = proxyActivities<LedgerActivities>({ ...bookkeeping, taskQueue: officeQueue });
const reports = proxyActivities<ReportActivities>({
  ...bookkeeping,
  startToCloseTimeout: '120s',
  taskQueue: officeQueue,
});

export async function tradingDay(input: TradingDayInput): Promise<TradingDayResult> {
  const state = dayState(input);
  const outbox = alertOutbox(input.account);
  const display = dayDisplay();
  const show = (): DayView => {
    const view = state.view(now());
    display(view);
    return view;
  };
  const enter = (phase: DayView['phase']): void => {
    state.enter(phase);
    show();
  };
  listen(state, outbox, show);

  enter('preflight');
  const plan = await open(input, state, outbox);
  enter('screening');
  const stocks = await preflight.screen(input.account, input.date);
  state.screened(stocks.length);
  outbox.raise('day.started', 'start', { date: input.date, stocks: stocks.length });
  enter('waiting');
  const sentiment = followNews(input.account, stocks, plan, lastInstant(plan));
  await tradeBars({
    input,
    state,
    plan,
    stocks,
    show,
    raise: (...alert) => outbox.raise(...alert),
  });
  enter('closing');
  await untilFlat(state, plan, outbox);
  await sentiment;
  enter('reporting');
  const summary = await reports.writeReport(input.account, input.date);
  outbox.raise('day.ended', 'end', {
    trades: summary.trades,
    pnlAfterCharges: summary.pnlAfterCharges,
  });
  enter('done');
  await outbox.flushed();
  await condition(allHandlersFinished);
  return { report: summary.path, trades: summary.trades };
}

function listen(state: DayState, outbox: AlertOutbox, show: () => DayView): void {
  setHandler(dayQuery, () => state.view(now()));
  setHandler(positionReportSignal, (report) => {
    state.report(report, now());
    show();
  });
  setHandler(
    haltUpdate,
    ({ reason }) => {
      state.halt(true);
      outbox.raise('day.halted', String(now()), { reason });
      return show();
    },
    { validator: ({ reason }: { readonly reason: string }) => requireWords(reason) },
  );
  setHandler(resumeUpdate, () => {
    state.halt(false);
    outbox.raise('day.resumed', String(now()), {});
    return show();
  });
  setHandler(closeAllUpdate, async () => {
    state.halt(true);
    await closeEverything(state.openWorkflows(), 'operator');
    return show();
  });
}

function requireWords(reason: string): void {
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > 200) {
    throw ApplicationFailure.nonRetryable('reason must be 1 to 200 characters', 'HALT_REASON');
  }
}

/** Step 1: the session's plan and cash; what is at the broker and not ours is reported and left alone. */
async function open(
  input: TradingDayInput,
  state: DayState,
  outbox: AlertOutbox,
): Promise<SessionPlan> {
  const { plan, cash, foreign } = await preflight.openSession(input.account, input.date);
  state.opened(plan, cash);
  await ledger.openLedger(input.account, input.date, cash);
  if (foreign.length > 0)
    outbox.raise('position.foreign', 'preflight', { stocks: foreign.join(', ') });
  return plan;
}

/** Step 11: positions square themselves off by their own timers; one that has not is an alarm. */
async function untilFlat(state: DayState, plan: SessionPlan, outbox: AlertOutbox): Promise<void> {
  const flat = (): boolean => state.openWorkflows().length === 0;
  if (await condition(flat, Math.max(1, plan.close - now()))) return;
  outbox.raise('day.not_flat', 'close', { positions: state.openWorkflows().join(', ') });
  await condition(flat);
}

/** The parallel stream: refreshes sentiment on its own timer; the bar loop never waits for it. */
async function followNews(
  account: string,
  stocks: readonly ScreenedStock[],
  plan: SessionPlan,
  until: EpochMs,
): Promise<void> {
  const everyMs = (10 * 60_000) / plan.clock.speed;
  const names = stocks.map((stock) => stock.tradingsymbol);
  while (now() < until) {
    const asOf = marketTime(plan.clock, now());
    // A failed refresh leaves the last views to age out into neutral.
    await news.refreshSentiment({ account, stocks: names, asOf }).catch(() => undefined);
    await sleepUntil(now() + Math.max(1_000, everyMs));
  }
}
