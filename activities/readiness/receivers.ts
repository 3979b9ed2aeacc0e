// Do the receivers of alerts answer? A person who asks sends them a message; a day that starts looks at what
// became of the newest one.
import type { Pool } from 'pg';
import type { ReceiverFact } from '../../domain/readiness';
import type { AlertChannel } from '../alerts';

/** Sends every channel the alert `check.test`, which says that nothing has happened. */
export const testReceivers = (
  channels: readonly AlertChannel[],
  account: string,
  now: number,
): Promise<readonly ReceiverFact[]> =>
  Promise.all(
    channels.map(({ name: channel, send }) =>
      send({
        id: `check-${account}-${now}`,
        account,
        type: 'check.test',
        timestamp: new Date(now).toISOString(),
        body: {},
      }).then(
        () => ({ channel, failure: null }),
        (error: unknown) => ({ channel, failure: error instanceof Error ? error.message : '' }),
      ),
    ),
  );

interface NewestDelivery {
  readonly channel: string;
  readonly state: string;
  readonly failures: number;
  readonly said: string | null;
}

/** What became of the newest delivery to each channel; nothing where none was made since `since` (host clock). */
export async function recordedReceivers(
  pool: Pool,
  channels: readonly Pick<AlertChannel, 'name'>[],
  since: number,
): Promise<readonly ReceiverFact[]> {
  const { rows } = await pool.query<NewestDelivery>(
    `select distinct on (channel) channel, state, failures, said from alert_delivery
     where changed_host >= $1 order by channel, changed_host desc`,
    [since],
  );
  return channels.map(({ name: channel }) => {
    const newest = rows.find((row) => row.channel === channel);
    const isFailing =
      newest !== undefined &&
      newest.state !== 'delivered' &&
      (newest.state !== 'waiting' || newest.failures > 0);
    return { channel, failure: isFailing ? (newest.said ?? newest.state) : null };
  });
}
