// Goal: the day's own part of getting ready: it says what it waits for and goes on with the login; what blocks
// entries is told once for each change, and a warning blocks nothing. The activities' answers are given.
import type { SessionAnswer } from '../../activities/readiness';
import type { ReadinessLine } from '../../domain/readiness';
import { approve, riskLimitsSchema } from '../../domain/risk';
import { epochMs, paise } from '../../domain/units';
import { DayState } from '../../workflows/dayState';
import { checkReadiness, untilLoggedIn, type ReadinessContext } from '../../workflows/readiness';

const login = 'https://login.example/';
const missing: SessionAnswer = { proven: false, why: 'it is over', login, isOver: false };

function day(): ReadinessContext & { readonly raised: unknown[]; readonly phases: string[] } {
  const state = new DayState({ account: 'mine', date: '2026-11-20' });
  const raised: unknown[] = [];
  const phases: string[] = [];
  return {
    input: { date: '2026-11-20' },
    state,
    raised,
    phases,
    outbox: { raise: (type, _, body) => void raised.push([type, body]) },
    show: () => phases.push(state.view(epochMs(Date.now())).phase),
  };
}

const answering =
  (answers: readonly SessionAnswer[]): (() => Promise<SessionAnswer>) =>
  () => {
    const [next = { proven: true as const }, ...rest] = answers;
    answers = rest;
    return Promise.resolve(next);
  };

test('with a session the day goes on, and nobody is told', async () => {
  const context = day();
  await untilLoggedIn(context, { awaitSession: answering([]) });
  expect([context.raised, context.phases]).toEqual([[], []]);
});

test('without one it says so once, in its view too, and goes on with the login', async () => {
  const context = day();
  await untilLoggedIn(context, { awaitSession: answering([missing, missing, missing]) });
  expect(context.raised).toEqual([['day.waiting', { why: 'it is over', login }]]);
  expect(context.phases).toEqual(['waitingForLogin', 'waitingForLogin', 'waitingForLogin']);
  const { phase, waitingForLogin } = context.state.view(epochMs(Date.now()));
  expect([phase, waitingForLogin]).toEqual(['preflight', null]);
});

test('a day that is over before anybody logs in ends', async () => {
  const over = answering([missing, { ...missing, isOver: true }]);
  await expect(untilLoggedIn(day(), { awaitSession: over })).rejects.toThrow(
    'nobody has logged in before the end of 2026-11-20: it is over',
  );
});

const line = (change: Partial<ReadinessLine>): ReadinessLine => ({
  id: 'clock',
  ok: false,
  class: 'A',
  found: 'at least 29.4 s behind the broker’s',
  remedy: 'set it',
  ...change,
});

describe('the list', () => {
  const checked = async (
    context: ReadinessContext,
    lines: readonly ReadinessLine[],
  ): Promise<void> =>
    checkReadiness(context, paise(100), { readiness: () => Promise.resolve(lines) });

  test('a fault of class A blocks every entry by name, until it holds; each change is told once', async () => {
    const context = day();
    const { state } = context;
    await checked(context, [
      line({}),
      line({ id: 'disk', class: 'B' }),
      line({ id: 'user', ok: true }),
    ]);
    expect(state.view(epochMs(1)).notReady).toMatchObject([{ id: 'clock', remedy: 'set it' }]);
    expect(() =>
      approve(
        {} as Parameters<typeof approve>[0],
        state.riskBook(epochMs(1)),
        riskLimitsSchema.parse({}),
      ),
    ).toThrow('the day is not ready: clock');
    await checked(context, [line({ found: 'at least 30 s behind' })]);
    expect(context.raised).toEqual([
      [
        'day.not_ready',
        { checks: 'clock', why: 'clock: at least 29.4 s behind the broker’s (set it)' },
      ],
    ]);
    await checked(context, [line({ ok: true, remedy: null })]);
    expect(context.raised.slice(1)).toEqual([['day.ready', {}]]);
    expect(state.riskBook(epochMs(1))).not.toHaveProperty('notReady');
  });

  test('a fault of class B is a warning of the day and nothing else', async () => {
    const context = day();
    await checked(context, [line({ id: 'disk', class: 'B', found: '0.9 GB free' })]);
    const { notReady, warnings } = context.state.view(epochMs(1));
    expect([notReady, warnings]).toEqual([[], ['disk: 0.9 GB free; set it']]);
    expect(context.raised).toEqual([]);
  });

  test('a person’s halt and the list do not lift each other', async () => {
    const context = day();
    context.state.halt(true);
    await checked(context, [line({})]);
    await checked(context, [line({ ok: true, remedy: null })]);
    expect(context.state.riskBook(epochMs(1)).entriesHalted).toBe(true);
  });
});
