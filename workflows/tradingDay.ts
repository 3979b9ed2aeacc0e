// The trading day: one durable loop over bars. It alone holds limits, capital and open risk; a position
// is started as a child that outlives it. Steps are those of the design's section 4.
import {
  allHandlersFinished,
  condition,
  ParentClosePolicy,
  proxyActivities,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { Candidate, DayActivities, ScreenedStock } from '../activities/marketData';
import type { LedgerActivities } from '../activities/ledger';
import type { NewsActivities } from '../activities/news';
import type { ReportActivities } from '../activities/reports';
import { Refused } from '../domain/errors';
import type { Intent, PositionTerms, PositionTiming } from '../domain/position';
import { approve, type RiskApproved, type RiskLimits } from '../domain/risk';
import { groupPlan, marketTime, hostTime, type SessionPlan } from '../domain/session/sessionPlan';
import { standardPolicy, type StandardTrailing } from '../domain/trailing';
import { epochMs, paise, type EpochMs } from '../domain/units';
import {
  closeAllUpdate,
  dayQuery,
  haltUpdate,
  marketQueue,
  officeQueue,
  ordersQueue,
  positionReportSignal,
  positionWorkflowId,
  resumeUpdate,
} from './messages';
import { closeEverything } from './closeEverything';
import { dayState, type DayState } from './dayState';
import { position } from './position';
import { analysis, bookkeeping, brokerRead } from './policies';
import { alertOutbox } from './raiseAlert';
import { attributes, dayDisplay } from './show';

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
const bars = proxyActivities<DayActivities>({ ...analysis, taskQueue: marketQueue });
const news = proxyActivities<NewsActivities>({ ...analysis, taskQueue: marketQueue });
const ledger = proxyActivities<LedgerActivities>({ ...bookkeeping, taskQueue: officeQueue });
const reports = proxyActivities<ReportActivities>({
  ...bookkeeping,
  startToCloseTimeout: '120s',
  taskQueue: officeQueue,
});

const now = (): EpochMs => epochMs(Date.now());
const sleepUntil = (at: number): Promise<boolean> =>
  condition(() => false, Math.max(1, at - Date.now()));

export async function tradingDay(input: TradingDayInput): Promise<TradingDayResult> {
  const state = dayState(input);
  const display = dayDisplay();
  const outbox = alertOutbox(input.account);
  const show = (): ReturnType<DayState['view']> => {
    const view = state.view(now());
    display(view);
    return view;
  };
  setHandler(dayQuery, () => state.view(now()));
  setHandler(positionReportSignal, (report) => {
    state.report(report);
    show();
  });
  setHandler(
    haltUpdate,
    ({ reason }) => {
      state.halt(true);
      outbox.raise('day.halted', String(now()), { reason });
      return show();
    },
    { validator: ({ reason }) => requireWords(reason) },
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

  show();
  const { plan, cash, foreign } = await preflight.openSession(input.account, input.date);
  state.opened(plan, cash);
  await ledger.openLedger(input.account, input.date, cash);
  if (foreign.length > 0)
    outbox.raise('position.foreign', 'preflight', { stocks: foreign.join(', ') });
  state.enter('screening');
  show();
  const stocks = await preflight.screen(input.account, input.date);
  state.screened(stocks.length);
  outbox.raise('day.started', 'start', { date: input.date, stocks: stocks.length });
  state.enter('waiting');
  show();
  const closing = lastInstant(plan);
  const sentiment = followNews(input.account, stocks, plan, closing);
  await tradeBars({ input, state, plan, stocks, show, raise: outbox.raise });

  state.enter('closing');
  show();
  await condition(() => state.openWorkflows().length === 0, Math.max(1, plan.close - now()));
  if (state.openWorkflows().length > 0) {
    outbox.raise('day.not_flat', 'close', { positions: state.openWorkflows().join(', ') });
    await condition(() => state.openWorkflows().length === 0);
  }
  await sentiment;
  state.enter('reporting');
  const summary = await reports.writeReport(input.account, input.date);
  outbox.raise('day.ended', 'end', {
    trades: summary.trades,
    pnlAfterCharges: summary.pnlAfterCharges,
  });
  state.enter('done');
  show();
  await outbox.flushed();
  await condition(allHandlersFinished);
  return { report: summary.path, trades: summary.trades };
}

function requireWords(reason: string): void {
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > 200) {
    throw ApplicationFailure.nonRetryable('reason must be 1 to 200 characters', 'HALT_REASON');
  }
}

const lastInstant = (plan: SessionPlan): EpochMs =>
  epochMs(Math.max(plan.withDerivatives.entryUntil, plan.withoutDerivatives.entryUntil));

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

interface BarLoop {
  readonly input: TradingDayInput;
  readonly state: DayState;
  readonly plan: SessionPlan;
  readonly stocks: readonly ScreenedStock[];
  readonly show: () => unknown;
  readonly raise: (type: string, key: string, body: Record<string, string | number>) => void;
}

/** Steps 3 to 9 for every bar until the last entry instant. */
async function tradeBars({ input, state, plan, stocks, show, raise }: BarLoop): Promise<void> {
  const barMs = input.barMinutes * 60_000;
  const until = lastInstant(plan);
  const names = stocks.map((stock) => stock.tradingsymbol);
  let barEnd = Math.ceil(marketTime(plan.clock, plan.entryFrom) / barMs) * barMs;
  let stale = false;
  for (; hostTime(plan.clock, epochMs(barEnd)) < until; barEnd += barMs) {
    await sleepUntil(hostTime(plan.clock, epochMs(barEnd)));
    state.enter('trading');
    const bar = await bars
      .analyseBar({
        account: input.account,
        date: input.date,
        barEnd: epochMs(barEnd),
        stocks: names,
      })
      .catch(() => null);
    if (bar?.fresh !== true && !stale) raise('feed.stale', String(barEnd), { bar: barEnd });
    stale = bar?.fresh !== true;
    if (bar !== null) {
      state.analysed();
      for (const candidate of bar.candidates)
        await propose({ input, state, plan, stocks }, candidate, barEnd);
    }
    show();
    // A slow bar is skipped over rather than traded late.
    barEnd = Math.max(barEnd, Math.floor(marketTime(plan.clock, now()) / barMs) * barMs);
  }
}

type ProposeContext = Pick<BarLoop, 'input' | 'state' | 'plan' | 'stocks'>;

/** Step 8 and 9: risk says how much or no; a yes becomes a position. */
async function propose(
  { input, state, plan, stocks }: ProposeContext,
  candidate: Candidate,
  barEnd: number,
): Promise<void> {
  const { decision, ltp, atr } = candidate;
  const stock = stocks.find(({ tradingsymbol }) => tradingsymbol === decision.tradingsymbol);
  if (stock === undefined || decision.action === 'SKIP') return;
  const group = groupPlan(plan, stock.hasDerivatives);
  if (now() >= group.entryUntil) return;
  const { band, ...instrument } = stock;
  const { stopDistance, targetDistance, action: direction } = decision;
  try {
    const sized = approve(
      {
        instrument,
        direction,
        ltp,
        band,
        stopDistance,
        targetDistance,
        sizeFactor: decision.sizeFactor,
      },
      state.riskBook(),
      input.risk,
    );
    const intentId = intentIdOf(input.date, stock.instrumentToken, barEnd);
    const intent: Intent = {
      ...{
        intentId,
        account: input.account,
        date: input.date,
        instrument,
        direction,
        product: 'MIS',
      },
      ...{
        quantity: sized.quantity,
        entryLimit: sized.entryLimit,
        stopDistance,
        targetDistance,
        atrAtEntry: atr,
        band,
      },
      policy: standardPolicy(input.trailing, stopDistance, instrument.tickSize),
      reason: candidate.reason,
    };
    const terms = {
      intent,
      timing: input.timing,
      squareOffAt: group.squareOff,
      cutOffAt: group.exchangeCutOff,
    };
    await open(input, state, terms as RiskApproved<PositionTerms>, sized.value);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    state.refused(error.code);
  }
}

/** At most 20 characters, alphanumeric, unique per stock and bar: the broker's tag. */
const intentIdOf = (date: string, token: number, barEnd: number): string =>
  `R${date.slice(2).replaceAll('-', '')}${token.toString(36).toUpperCase()}T${Math.floor(
    barEnd / 60_000,
  )
    .toString(36)
    .toUpperCase()}`;

async function open(
  input: TradingDayInput,
  state: DayState,
  terms: RiskApproved<PositionTerms>,
  value: number,
): Promise<void> {
  const { intent } = terms;
  const workflowId = positionWorkflowId(input.account, intent.intentId);
  state.opening({
    intentId: intent.intentId,
    workflowId,
    instrument: intent.instrument,
    direction: intent.direction,
    value: paise(value),
  });
  await startChild(position, {
    workflowId,
    taskQueue: ordersQueue(input.account),
    args: [{ terms, dayWorkflowId: workflowInfo().workflowId }],
    // The position must outlive this day's failure.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `${intent.direction} ${intent.quantity} ${intent.instrument.tradingsymbol}`,
    typedSearchAttributes: [
      { key: attributes.account, value: input.account },
      { key: attributes.date, value: input.date },
      { key: attributes.symbol, value: intent.instrument.tradingsymbol },
      { key: attributes.direction, value: intent.direction },
      { key: attributes.phase, value: 'entering' },
    ],
  });
}
