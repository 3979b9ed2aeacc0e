// Tells people in the morning that a login is wanted, before the day has begun and whether or not it will. A
// session that answers is reason enough to say nothing.
import type { SessionWatch } from '../activities/broker';
import { dueReminder } from '../domain/brokerSession';
import { dayOf, isTradingDay, type TradingCalendar } from '../domain/session/calendar';
import { istDate } from '../domain/session/sessionClock';
import { marketTime, type MarketClock } from '../domain/session/sessionPlan';
import { epochMs } from '../domain/units';
import type { WorkerEnvironment } from './environment';
import { marketClockOf } from './marketClock';
import type { RaiseOwnAlert } from './raiseAlert';

export interface ReminderParts {
  readonly watch: Pick<SessionWatch, 'prove' | 'session'>;
  readonly calendar: TradingCalendar;
  readonly marketClock: () => Promise<MarketClock>;
  readonly loginAddress: () => string;
  readonly raise: RaiseOwnAlert;
}

const lookEveryMs = 20_000;

export class LoginReminder {
  readonly #parts: ReminderParts;
  /** The newest reminder that was told, or not needed. */
  #settled = '';

  constructor(parts: ReminderParts) {
    this.#parts = parts;
  }

  /** Tells of a login that is wanted, once for each reminder. */
  async look(): Promise<void> {
    const { watch, calendar, marketClock, loginAddress, raise } = this.#parts;
    const marketAt = marketTime(await marketClock(), epochMs(Date.now()));
    const date = istDate(marketAt);
    if (!isTradingDay(date, calendar)) return;
    const due = dueReminder(dayOf(date, calendar), marketAt);
    const occasion = `${date}-${due ?? ''}`;
    if (due === null || occasion === this.#settled) return;
    const isProven = await watch.prove();
    // A broker that does not answer has not said that anybody must log in: it is asked again.
    if (!isProven && watch.session.kind !== 'lost') return;
    this.#settled = occasion;
    if (!isProven) await raise('login.wanted', occasion, { date, login: loginAddress() });
  }
}

/** Looks all day. On paper there is nobody to remind. @returns the stop. */
export function startLoginReminder(
  environment: WorkerEnvironment,
  watch: SessionWatch,
  raise: RaiseOwnAlert,
): () => void {
  const { calendar, broker } = environment;
  // A shadow's own process tells of its session.
  if (broker.mode !== 'live') return () => undefined;
  const reminder = new LoginReminder({
    watch,
    calendar,
    marketClock: marketClockOf(environment),
    loginAddress: broker.loginAddress,
    raise,
  });
  const look = (): void =>
    void reminder.look().catch((error: unknown) => {
      console.error(`whether a login is wanted could not be told: ${String(error)}`);
    });
  look();
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}
