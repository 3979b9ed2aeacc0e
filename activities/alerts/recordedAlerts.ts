// Alerts with their deliveries, as our records have them.
import type { Pool } from 'pg';
import type { AlertInput } from './alertInput';

/** An alert with what became of it at each channel. Instants are the host's clock. */
export interface RecordedAlert extends AlertInput {
  readonly deliveries: readonly RecordedDelivery[];
}

export interface RecordedDelivery {
  readonly channel: string;
  /** `waiting`: under way, or tried again later. `gone`: the receiver wanted no more that day. */
  readonly state: 'waiting' | 'delivered' | 'failed' | 'gone';
  /** Attempts that have failed. */
  readonly failures: number;
  /** Why the last attempt failed; null where none has. */
  readonly said: string | null;
}

interface Row {
  readonly id: string;
  readonly account: string;
  readonly type: string;
  readonly body: AlertInput['body'];
  readonly raised_host: string;
  readonly deliveries: readonly RecordedDelivery[];
}

const columns = `a.id, a.account, a.type, a.body, a.raised_host, coalesce(
    (select json_agg(json_build_object('channel', channel, 'state', state, 'failures', failures, 'said', said)
       order by channel) from alert_delivery where alert_id = a.id), '[]') as deliveries`;

/** Alerts raised since an instant (epoch ms), oldest first. */
export async function alertsSince(
  pool: Pool,
  account: string,
  since: number,
): Promise<readonly RecordedAlert[]> {
  const { rows } = await pool.query<Row>(
    `select ${columns} from alert a where a.account = $1 and a.raised_host >= $2 order by a.raised_host, a.id`,
    [account, since],
  );
  return rows.map(recorded);
}

/** One alert of the account; undefined where there is none of this id. */
export async function alertOf(
  pool: Pool,
  account: string,
  id: string,
): Promise<RecordedAlert | undefined> {
  const { rows } = await pool.query<Row>(
    `select ${columns} from alert a where a.account = $1 and a.id = $2`,
    [account, id],
  );
  return rows.map(recorded)[0];
}

const recorded = ({ raised_host, ...alert }: Row): RecordedAlert => ({
  ...alert,
  timestamp: new Date(Number(raised_host)).toISOString(),
});

/** Channels that do not have the alert although an attempt was made, or none was because it is gone. */
export const failedChannels = ({ deliveries }: RecordedAlert): readonly string[] =>
  deliveries
    .filter(({ state, failures }) => state !== 'delivered' && (state !== 'waiting' || failures > 0))
    .map(({ channel }) => channel);
