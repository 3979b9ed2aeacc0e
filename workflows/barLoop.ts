// Steps 3 to 9 for every bar: judge, decide, ask risk, and start a position for each yes.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type {
  Candidate,
  DayActivities,
  EntryActivities,
  ScreenedStock,
} from '../activities/marketData';
import { Refused } from '../domain/errors';
import { intentIdOf, type Intent, type PositionTerms } from '../domain/position';
import { approve, checkMargin, type RiskApproved } from '../domain/risk';
import { groupPlan, hostTime, marketTime, type SessionPlan } from '../domain/session/sessionPlan';
import { standardPolicy } from '../domain/trailing';
import { epochMs, type EpochMs } from '../domain/units';
import type { DayState } from './dayState';
import { marketQueue } from './messages';
import { openPosition, positionTerms } from './openPosition';
import { analysis } from './policies';
import { now, sleepUntil } from './hostClock';
import type { TradingDayInput } from './dayInput';

const bars = proxyActivities<DayActivities>({ ...analysis, taskQueue: marketQueue });
const entries = proxyActivities<EntryActivities>({ ...analysis, taskQueue: marketQueue });

/** The last instant at which any stock may be entered. */
export const lastInstant = (plan: SessionPlan): EpochMs =>
  epochMs(Math.max(plan.withDerivatives.entryUntil, plan.withoutDerivatives.entryUntil));

/** What the loop works with. */
export interface BarLoop {
  readonly input: TradingDayInput;
  readonly state: DayState;
  readonly plan: SessionPlan;
  readonly stocks: readonly ScreenedStock[];
  readonly from: EpochMs | null;
  readonly show: () => unknown;
  readonly raise: (type: string, key: string, body: Record<string, string | number>) => void;
}

/**
 * Steps 3 to 9 for every bar until the last entry instant, or until the run should continue as new.
 * @param from the end of the first bar to look at, market clock.
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
  const until = lastInstant(plan);
  const names = stocks.map((stock) => stock.tradingsymbol);
  let barEnd: number = from ?? Math.ceil(marketTime(plan.clock, plan.entryFrom) / barMs) * barMs;
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
    if (workflowInfo().continueAsNewSuggested) return epochMs(barEnd + barMs);
  }
  return null;
}

type ProposeContext = Pick<BarLoop, 'input' | 'state' | 'plan' | 'stocks'>;

/** Step 8 and 9: risk says how much or no; a yes becomes a position. */
async function propose(
  { input, state, plan, stocks }: ProposeContext,
  candidate: Candidate,
  barEnd: number,
): Promise<void> {
  const { decision, ltp, decisionPrice, atr } = candidate;
  const stock = stocks.find(({ tradingsymbol }) => tradingsymbol === decision.tradingsymbol);
  if (stock === undefined || decision.action === 'SKIP') return;
  const group = groupPlan(plan, stock.hasDerivatives);
  const { band, ...instrument } = stock;
  const { stopDistance, targetDistance, sizeFactor, action: direction } = decision;
  const intentId = intentIdOf(input.date, stock.instrumentToken, epochMs(barEnd));
  const product = 'MIS';
  try {
    const sized = approve(
      {
        ...{ intentId, instrument, direction, product, ltp, decisionPrice, band },
        ...{ stopDistance, targetDistance, sizeFactor },
        entryUntil: marketTime(plan.clock, group.entryUntil),
      },
      state.riskBook(now()),
      input.risk,
    );
    const { tradingsymbol } = instrument;
    const question = {
      tradingsymbol,
      direction,
      quantity: sized.quantity,
      price: sized.entryLimit,
    };
    checkMargin(await entries.brokerMargin(question), input.risk);
    const intent: Intent = {
      ...{ intentId, account: input.account, date: input.date, instrument, direction, product },
      ...{ quantity: sized.quantity, entryLimit: sized.entryLimit, stopDistance, targetDistance },
      ...{ atrAtEntry: atr, band },
      policy: standardPolicy(input.trailing, stopDistance, instrument.tickSize),
      reason: candidate.reason,
    };
    const terms = positionTerms(input, plan, intent);
    await openPosition(state, terms as RiskApproved<PositionTerms>);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    state.refused(error.code);
    const { code, message: reason, context: numbers } = error;
    const { tradingsymbol, barAt } = decision;
    await entries
      .recordRefusal(input.account, { tradingsymbol, barAt, code, reason, numbers })
      .catch(() => undefined);
  }
}
