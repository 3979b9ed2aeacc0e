// The order activities of a worker whose records say yes to everything, for a test of one part of them.
import {
  BooksReader,
  createBrokerActivities,
  WriteGate,
  type BrokerActivities,
  type BrokerDependencies,
} from '../../activities/broker';
import { brokerCapabilities } from '../../broker';
import type { Broker } from '../../broker/port';

export const orderActivities = (
  broker: Broker,
  own: Partial<BrokerDependencies> = {},
): BrokerActivities =>
  createBrokerActivities({
    broker,
    books: new BooksReader(broker),
    gate: new WriteGate(brokerCapabilities.writes),
    guard: () => Promise.resolve(null),
    claimEntry: () => Promise.resolve(true),
    recordTrigger: () => Promise.resolve(),
    addressRefused: () => undefined,
    isHeld: () => false,
    givenUp: () => new AbortController().signal,
    crashPoint: () => Promise.resolve(),
    lastPrice: () => Promise.reject(new Error('not asked')),
    ...own,
  });
