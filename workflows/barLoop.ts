// Steps 3 to 9 for every bar: judge, decide, ask risk, and start a position for each yes.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { DayActivities, EntryActivities } from '../activities/marketData';
import { approvedTerms, proposeEntry, type Candidate } from '../domain/entry';
import { Refused } from '../domain/errors';
import type { ScreenedStock } from '../domain/market/screen';
import { approve, checkMargin } from '../domain/risk';
import {
  firstBarEnd,
  hostTime,
  lastEntryInstant,
  marketTime,
  type SessionPlan,
} from '../domain/session/sessionPlan';
import { epochMs, type EpochMs } from '../domain/units';
import type { DayState } from './dayState';
import { marketQueue } from './messages';
import { openPosition } from './openPosition';
import { analysis } from './policies';
import { now, sleepUntil } from './hostClock';
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
  const until = lastEntryInstant(plan);
  const names = stocks.map((stock) => stock.tradingsymbol);
  let barEnd: number = from ?? firstBarEnd(plan, input.barMinutes);
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
  const { decision } = candidate;
  const stock = stocks.find(({ tradingsymbol }) => tradingsymbol === decision.tradingsymbol);
  const day = { ...input, plan };
  const entry = stock === undefined ? null : proposeEntry(day, stock, candidate, epochMs(barEnd));
  if (entry === null) return;
  const { tradingsymbol } = entry.proposal.instrument;
  try {
    const sized = approve(entry.proposal, state.riskBook(now()), input.risk);
    const { direction } = entry.proposal;
    const { quantity, entryLimit: price } = sized;
    const question = { tradingsymbol, direction, quantity, price };
    checkMargin(await entries.brokerMargin(question), input.risk);
    await openPosition(state, approvedTerms(day, entry, sized));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    state.refused(error.code);
    const { code, message: reason, context: numbers } = error;
    const { barAt } = decision;
    await entries
      .recordRefusal(input.account, { tradingsymbol, barAt, code, reason, numbers })
      .catch(() => undefined);
  }
}
