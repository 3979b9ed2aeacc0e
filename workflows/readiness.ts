// The day before its first entry: it waits for a session, and goes through the list of `ratchet check`. What fails
// there blocks entries until it is right again, and never touches a position.
import { ApplicationFailure } from '@temporalio/common';
import { condition, proxyActivities } from '@temporalio/workflow';
import type { ReadinessActivities } from '../activities/readiness';
import { blockersOf, type ReadinessLine } from '../domain/readiness';
import type { SessionPlan } from '../domain/session/sessionPlan';
import type { Paise } from '../domain/units';
import type { DayState } from './dayState';
import { now } from './hostClock';
import { marketQueue } from './messages';
import { brokerRead } from './policies';
import type { AlertOutbox } from './raiseAlert';

const account = proxyActivities<ReadinessActivities>({
  ...brokerRead,
  startToCloseTimeout: '120s',
  taskQueue: marketQueue,
});

/** What the steps here work with. */
export interface ReadinessContext {
  readonly input: { readonly date: string };
  readonly state: DayState;
  readonly outbox: Pick<AlertOutbox, 'raise'>;
  readonly show: () => unknown;
}

/** One activity waits so long; a login ends the wait at once. */
const waitMs = 50_000;

/** Returns when the session answers. @throws ApplicationFailure when the day is over before anybody has logged in. */
export async function untilLoggedIn(
  { input: { date }, state, outbox, show }: ReadinessContext,
  { awaitSession }: Pick<ReadinessActivities, 'awaitSession'> = account,
): Promise<void> {
  let answer = await awaitSession(date, 0);
  const since = now();
  while (!answer.proven) {
    const { why, login, isOver } = answer;
    if (isOver)
      throw ApplicationFailure.nonRetryable(
        `nobody has logged in before the end of ${date}: ${why}`,
        'NOT_LOGGED_IN',
      );
    if (state.waitingForLogin === null)
      outbox.raise('day.waiting', 'login', { why, login: login ?? 'run `ratchet login`' });
    state.waitForLogin({ since, why, login });
    show();
    answer = await awaitSession(date, waitMs);
  }
  state.waitForLogin(null);
}

/** Goes through the list once. @param cash as the session was opened with it. */
export async function checkReadiness(
  context: ReadinessContext,
  cash: Paise,
  { readiness }: Pick<ReadinessActivities, 'readiness'> = account,
): Promise<void> {
  const lines = await readiness(context.input.date, cash);
  for (const { ok, class: kind, id, found, remedy } of lines)
    if (!ok && kind === 'B') context.state.warn(`${id}: ${found}; ${remedy ?? ''}`);
  take(context, lines);
}

const everyMs = 60_000;
const everyHostMinMs = 2_000;

/** Goes through the list again and again while something blocks entries, until `isOver`. */
export async function keepReady(
  context: ReadinessContext & { readonly plan: SessionPlan },
  isOver: () => boolean,
  { readiness }: Pick<ReadinessActivities, 'readiness'> = account,
): Promise<void> {
  const { input, state, plan } = context;
  const pauseMs = Math.max(everyHostMinMs, everyMs / plan.clock.speed);
  while (!isOver() && state.notReady.length > 0) {
    if (!(await condition(isOver, pauseMs))) take(context, await readiness(input.date));
  }
}

/** People hear of every change of what blocks. */
function take({ state, outbox, show }: ReadinessContext, lines: readonly ReadinessLine[]): void {
  const ids = (blockers: readonly { readonly id: string }[]): string =>
    blockers.map(({ id }) => id).join(', ');
  const before = ids(state.notReady);
  const blockers = blockersOf(lines);
  state.blockedBy(blockers.map(({ id, found, remedy }) => ({ id, found, remedy: remedy ?? '' })));
  show();
  if (ids(blockers) === before) return;
  if (blockers.length === 0) outbox.raise('day.ready', String(now()), {});
  else
    outbox.raise('day.not_ready', String(now()), {
      checks: ids(blockers),
      why: blockers.map(({ id, found, remedy }) => `${id}: ${found} (${remedy ?? ''})`).join('; '),
    });
}
