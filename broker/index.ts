// Opens the account's broker. Kite is the one there is; another is a folder beside broker/kite and a choice here.
import { kiteClient, type KiteCredentials } from './kite/client';
import { kiteCapabilities } from './kite/limits';
import { kiteReader } from './kite/reader';
import { KiteFeed } from './kite/feed';
import { kiteWriter } from './kite/orders';
import type { Broker, BrokerCapabilities, BrokerFeed, BrokerReader, FeedListener } from './port';

/** Where the broker's protocol is spoken; the broker itself where undefined. */
export interface BrokerAddress {
  readonly rest: string | undefined;
  readonly feed: string | undefined;
}

export type BrokerCredentials = KiteCredentials;

/** What the broker allows, known before any session. */
export const brokerCapabilities: BrokerCapabilities = kiteCapabilities;

export function openBroker(
  credentials: BrokerCredentials,
  { rest }: Pick<BrokerAddress, 'rest'>,
): Broker {
  const kite = kiteClient(credentials, rest);
  return { ...kiteReader(kite), ...kiteWriter(kite) };
}

/** The half that cannot send an order. */
export const openBrokerReader = (
  credentials: BrokerCredentials,
  { rest }: Pick<BrokerAddress, 'rest'>,
): BrokerReader => kiteReader(kiteClient(credentials, rest));

export const openFeed = (
  { apiKey, accessToken }: BrokerCredentials,
  { feed: root }: Pick<BrokerAddress, 'feed'>,
  listener: FeedListener,
): BrokerFeed => new KiteFeed({ apiKey, accessToken, root }, listener);
