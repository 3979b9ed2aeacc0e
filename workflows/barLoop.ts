// Steps 3 to 9 of the day (docs/trading-day.md) for every bar: judge, decide, ask risk, and start a position
// for each approval.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { DayActivities, EntryActivities } from '../activities/marketData';
import {
  approvedTerms,
  approvedVerdict,
  askedRiskView,
  proposeEntry,
  refusedVerdict,
  requireInTime,
  type Candidate,
  type ProposedEntry,
  type RiskAnswer,
  type RiskQuestion,
} from '../domain/entry';
import { Refused } from '../domain/errors';
import type { ScreenedStock } from '../domain/market/screen';
import { barStart } from '../domain/indicators';
import { approve, checkMargin } from '../domain/risk';
import { entryBars, hostTime, marketTime, type SessionPlan } from '../domain/session/sessionPlan';
import { epochMs, type EpochMs } from '../domain/units';
import { BarMargins } from './barMargins';
import type { DayState } from './dayState';
import { marketQueue } from './messages';
import { openPosition } from './openPosition';
import { analysis } from './policies';
import { now, sleepUntil } from './hostClock';
import type { AlertOutbox } from './raiseAlert';
import type { TradingDayInput } from './dayInput';

const bars = proxyActivities<DayActivities>({ ...analysis, taskQueue: marketQueue });
const entries = proxyActivities<EntryActivities>({ ...analysis, taskQueue: marketQueue });

/** What the loop works with. */
export interface BarLoop {
  readonly input: TradingDayInput;
  readonly state: DayState;
  readonly plan: SessionPlan;
  readonly stocks: readonly ScreenedStock[];
  readonly from: EpochMs | null;
  readonly show: () => unknown;
  readonly raise: AlertOutbox['raise'];
}

/**
 * Trades every bar until the last entry instant, or until the run should continue as new.
 * @param from the end of the first bar to judge, market clock.
 * @returns the end of the next bar when there is more to do, else null.
 */
export async function tradeBars({
  input,
  state,
  plan,
  stocks,
  show,
  raise,
  from,
}: BarLoop): Promise<EpochMs | null> {
  const barMs = input.barMinutes * 60_000;
  const names = stocks.map((stock) => stock.tradingsymbol);
  let stale = false;
  const toldBroken = new Set<string>();
  // The end of the last bar that is over: a slow bar is skipped over rather than traded late.
  let over = from === null ? 0 : from - 1;
  for (const barEnd of entryBars(plan, input.barMinutes)) {
    if (barEnd <= over) continue;
    await sleepUntil(hostTime(plan.clock, barEnd));
    state.enter('trading');
    const bar = await bars
      .analyseBar({
        account: input.account,
        date: input.date,
        barEnd,
        stocks: names,
      })
      .catch(() => null);
    if (bar?.fresh !== true && !stale) raise('feed.stale', String(barEnd), { bar: barEnd });
    stale = bar?.fresh !== true;
    for (const { strategy, ...failure } of bar?.broken ?? []) {
      if (toldBroken.has(strategy)) continue;
      toldBroken.add(strategy);
      // A day that continues as new tells it under the same key, which is told once.
      raise('strategy.broken', strategy, { strategy, ...failure, bar: barEnd });
    }
    if (bar !== null) {
      state.analysed();
      await enterBar({ input, state, plan, stocks }, bar.candidates, barEnd);
    }
    show();
    over = Math.max(barEnd, barStart(marketTime(plan.clock, now()), input.barMinutes));
    if (workflowInfo().continueAsNewSuggested) return epochMs(over + barMs);
  }
  return null;
}

/** What our records do not hold does not leave. */
function refuseUnrecorded(): never {
  throw new Refused({
    code: 'ENTRY_UNCHECKED',
    message: 'the approval could not be recorded, so no position is begun',
  });
}

type EntryContext = Pick<BarLoop, 'input' | 'state' | 'plan' | 'stocks'>;

/** Steps 8 and 9 for the candidates of a bar, strongest first. Every answer of risk is recorded. */
async function enterBar(
  context: EntryContext,
  candidates: readonly Candidate[],
  barEnd: EpochMs,
): Promise<void> {
  const { input, plan, stocks } = context;
  const day = { ...input, plan };
  const proposed = candidates.flatMap((candidate) => {
    const { tradingsymbol } = candidate.decision;
    const stock = stocks.find((one) => one.tradingsymbol === tradingsymbol);
    const entry = stock === undefined ? null : proposeEntry(day, stock, candidate, barEnd);
    return entry === null ? [] : [entry];
  });
  const margins = await BarMargins.asked(proposed, context);
  const answers: RiskAnswer[] = [];
  for (const [place, entry] of proposed.entries())
    answers.push({ ...(await ask(context, entry, margins)), place });
  if (answers.length > 0)
    await entries.recordRiskAnswers(input.account, answers).catch(() => undefined);
}

/** Asks risk about one candidate and opens a position for an approval. */
async function ask(
  { input, state, plan }: EntryContext,
  entry: ProposedEntry,
  margins: BarMargins,
): Promise<Omit<RiskAnswer, 'place'>> {
  const { candidate, barEnd } = entry;
  const { tradingsymbol, barAt } = candidate.decision;
  const book = state.riskBook(now());
  const lateMs = now() - hostTime(plan.clock, barEnd);
  let asked: RiskQuestion = { barEnd, ltp: candidate.ltp, book: askedRiskView(book), lateMs };
  try {
    requireInTime(lateMs);
    const sized = approve(entry.proposal, book, input.risk);
    const margin = await margins.of(entry, sized);
    asked = { ...asked, margin };
    checkMargin(margin, input.risk);
    margins.block(margin);
    const day = { ...input, plan, modificationsMax: state.modificationsMax };
    const terms = approvedTerms(day, entry, sized);
    await entries.recordApproval(terms.intent).catch(refuseUnrecorded);
    await openPosition(state, terms);
    return { tradingsymbol, barAt, asked, ...approvedVerdict(plan, entry, sized) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    state.refused(error.code);
    return { tradingsymbol, barAt, asked, ...refusedVerdict(error) };
  }
}
