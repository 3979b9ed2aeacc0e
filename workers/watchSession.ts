// Tells people when the broker's session is lost and when it is back. An alert from here starts its workflow by
// itself: the day may not run yet, or may be waiting for this very session.
import type { Client } from '@temporalio/client';
import { SessionWatch } from '../activities/broker';
import type { AlertInput } from '../activities/alerts';
import { openBroker } from '../broker';
import type { AlertBody } from '../domain/alerts/catalogue';
import type { WorkerEnvironment } from './environment';
import { raiseAlert } from './raiseAlert';

type SessionAlert = 'session.lost' | 'session.back';

/** The account's broker under watch; a login is taken up while the process runs. */
export function watchSession(
  { config: { account }, broker: { credentials, address, loginAddress } }: WorkerEnvironment,
  client: Client,
): SessionWatch {
  const raise = <Type extends SessionAlert>(type: Type, body: AlertBody<Type>): void => {
    const now = new Date();
    const id = `${account}_${type.replace('.', '_')}_${now.getTime()}`;
    const alert: AlertInput = { id, account, type, timestamp: now.toISOString(), body };
    raiseAlert(client, alert).catch((error: unknown) =>
      console.error(`alert ${type} could not be raised`, error),
    );
  };
  const watch = new SessionWatch(openBroker(credentials, address), {
    lost: (why) => {
      console.error(`the broker's session is lost: ${why}`);
      raise('session.lost', { why, login: loginAddress() });
    },
    back: () => {
      console.error("the broker's session is back");
      raise('session.back', {});
    },
  });
  credentials.onChange(() => void watch.renewed());
  return watch;
}
