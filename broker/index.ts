// Opens the account's broker. Kite is the one there is; another is a folder beside broker/kite and a choice here.
import { boundedWriter } from './bounded';
import type { CredentialSource } from './credentials';
import { kiteClient } from './kite/client';
import { kiteCapabilities } from './kite/limits';
import { loginAddress, loginAnswer, openKiteSession } from './kite/login';
import { kiteReader } from './kite/reader';
import { KiteFeed } from './kite/feed';
import { kiteWriter } from './kite/orders';
import type {
  Broker,
  BrokerCapabilities,
  BrokerFeed,
  BrokerReader,
  FeedListener,
  FeedOptions,
} from './port';

/** Where the broker's protocol is spoken; the broker itself where undefined. */
export interface BrokerAddress {
  readonly rest: string | undefined;
  readonly feed: string | undefined;
}

export { fixedCredentials, type BrokerCredentials, type CredentialSource } from './credentials';

/** What the broker allows, known before any session. */
export const brokerCapabilities: BrokerCapabilities = kiteCapabilities;

export function openBroker(
  credentials: CredentialSource,
  { rest }: Pick<BrokerAddress, 'rest'>,
): Broker {
  const kite = kiteClient(credentials, rest);
  return { ...kiteReader(kite, rest), ...boundedWriter(kiteWriter(kite), kiteCapabilities) };
}

/** The half that cannot send an order. */
export const openBrokerReader = (
  credentials: CredentialSource,
  { rest }: Pick<BrokerAddress, 'rest'>,
): BrokerReader => kiteReader(kiteClient(credentials, rest), rest);

export const openFeed = (
  credentials: CredentialSource,
  { feed }: Pick<BrokerAddress, 'feed'>,
  listener: FeedListener,
  options: FeedOptions = { detail: false },
): BrokerFeed => new KiteFeed(credentials, feed, listener, options);

/** A person's login: the page, what to read from the address it leads to, and the session it opens. */
export const brokerLogin = {
  address: loginAddress,
  answer: loginAnswer,
  open: openKiteSession,
};
