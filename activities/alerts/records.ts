// Our records of alerts and of each one's deliveries. Every statement may run twice.
import type { Pool } from 'pg';
import { wordsOf } from '../../domain/errors';
import { istDate, istInstant } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import type { AlertInput } from './alertInput';
import type { AlertChannel } from './channel';

/** What became of one delivery. `gone`: the receiver wants no more today. */
export interface DeliveryEnd {
  readonly channel: string;
  readonly state: 'delivered' | 'failed' | 'gone';
  /** Why it was not delivered. */
  readonly said?: string;
}

export interface AlertRecordActivities {
  /** Stores the alert. @returns the channels it goes to, by name. */
  recordAlert(alert: AlertInput): Promise<readonly string[]>;
  recordDelivery(alertId: string, end: DeliveryEnd): Promise<void>;
}

/** @param now the host's clock. */
export function createAlertRecordActivities(
  pool: Pool,
  channels: readonly Pick<AlertChannel, 'name' | 'takes'>[],
  now: () => number = Date.now,
): AlertRecordActivities {
  return {
    recordAlert: async (alert) => {
      const { id, account, type, body, again } = alert;
      await pool.query(
        'insert into alert (id, account, type, body, raised_host) values ($1, $2, $3, $4, $5) on conflict do nothing',
        [id, account, type, body, Date.parse(alert.timestamp)],
      );
      const wanted = channels
        .filter(({ name, takes }) => takes(type) && (!Array.isArray(again) || again.includes(name)))
        .map(({ name }) => name);
      const off = again === undefined ? await channelsOff(pool, now()) : new Set<string>();
      for (const name of wanted)
        await pool.query(openDelivery(again !== undefined), [
          ...[id, name, off.has(name) ? 'gone' : 'waiting'],
          ...[off.has(name) ? 'off until tomorrow: it answered that it is gone' : null, now()],
        ]);
      await noteDelivered(pool, id, now());
      return wanted.filter((name) => !off.has(name));
    },
    recordDelivery: async (alertId, end) => {
      await pool.query(
        `insert into alert_delivery (alert_id, channel, state, said, changed_host)
         values ($1, $2, $3, $4, $5)
         on conflict (alert_id, channel) do update set state = excluded.state,
           said = coalesce(excluded.said, alert_delivery.said), changed_host = excluded.changed_host
         where alert_delivery.state <> 'delivered'`,
        [alertId, end.channel, end.state, end.said ?? null, now()],
      );
      await noteDelivered(pool, alertId, now());
    },
  };
}

/** Sent again, a delivery waits once more. */
const openDelivery = (again: boolean): string =>
  `insert into alert_delivery (alert_id, channel, state, said, changed_host) values ($1, $2, $3, $4, $5)
   on conflict (alert_id, channel) do ${again ? 'update set state = excluded.state, changed_host = excluded.changed_host' : 'nothing'}`;

/** Channels that said today that they are gone, and have taken nothing since. */
async function channelsOff(pool: Pool, now: number): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ channel: string }>(
    `select channel from alert_delivery where state = 'gone' and changed_host >= $1 group by channel
     having max(changed_host) > coalesce((select max(d.changed_host) from alert_delivery d
       where d.channel = alert_delivery.channel and d.state = 'delivered'), 0)`,
    [istInstant(istDate(epochMs(now)), '00:00')],
  );
  return new Set(rows.map(({ channel }) => channel));
}

/** An alert is delivered when every channel has it. */
async function noteDelivered(pool: Pool, alertId: string, now: number): Promise<void> {
  await pool.query(
    `update alert set delivered_host = $2 where id = $1 and delivered_host is null and not exists
       (select 1 from alert_delivery where alert_id = $1 and state <> 'delivered')`,
    [alertId, now],
  );
}

/** Counts a failed attempt and keeps why, so that people see it while it is tried again. */
export async function noteFailure(
  pool: Pool,
  alertId: string,
  channel: string,
  error: unknown,
): Promise<void> {
  await pool.query(
    'update alert_delivery set failures = failures + 1, said = $3 where alert_id = $1 and channel = $2',
    [alertId, channel, wordsOf(error)],
  );
}
