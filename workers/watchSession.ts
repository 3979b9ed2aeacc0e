// Tells people when the broker's session is lost and when it is back. An alert from here starts its workflow by
// itself: the day may not run yet, or may be waiting for this very session.
import { SessionWatch, type SessionRecord } from '../activities/broker';
import type { BrokerReader } from '../broker/port';
import type { AccountPlace } from './brokerPlace';
import type { RaiseOwnAlert } from './raiseAlert';

export interface WatchedSession {
  readonly reader: BrokerReader;
  readonly place: Pick<AccountPlace, 'credentials' | 'loginAddress'>;
  readonly raise: RaiseOwnAlert;
  /** Where the loss is written down for those who show positions. */
  readonly record?: Pick<SessionRecord, 'keep'>;
}

/** The session under watch; a login is taken up while the process runs. */
export function watchSession({ reader, place, raise, record }: WatchedSession): SessionWatch {
  const watch = new SessionWatch(reader, {
    valid: () => void record?.keep(null),
    lost: ({ since, why }) => {
      console.error(`the broker's session is lost: ${why}`);
      void record?.keep({ since, why });
      void raise('session.lost', String(Date.now()), { why, login: place.loginAddress() });
    },
    back: () => {
      console.error("the broker's session is back");
      void raise('session.back', String(Date.now()), {});
    },
  });
  place.credentials.onChange(() => void watch.renewed());
  return watch;
}
