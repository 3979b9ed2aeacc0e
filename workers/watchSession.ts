// Tells people when the broker's session is lost and when it is back. An alert from here starts its workflow by
// itself: the day may not run yet, or may be waiting for this very session.
import type { Client } from '@temporalio/client';
import { SessionRecord, SessionWatch } from '../activities/broker';
import { openBroker } from '../broker';
import type { WorkerEnvironment } from './environment';
import { processAlerts } from './raiseAlert';

/** The account's broker under watch; a login is taken up while the process runs. */
export function watchSession(
  { config: { account }, pool, broker: { credentials, address, loginAddress } }: WorkerEnvironment,
  client: Client,
): SessionWatch {
  const raise = processAlerts(client, account, 'worker');
  const record = new SessionRecord(pool, account);
  const watch = new SessionWatch(openBroker(credentials, address), {
    valid: () => void record.keep(null),
    lost: ({ since, why }) => {
      console.error(`the broker's session is lost: ${why}`);
      void record.keep({ since, why });
      void raise('session.lost', String(Date.now()), { why, login: loginAddress() });
    },
    back: () => {
      console.error("the broker's session is back");
      void raise('session.back', String(Date.now()), {});
    },
  });
  credentials.onChange(() => void watch.renewed());
  return watch;
}
