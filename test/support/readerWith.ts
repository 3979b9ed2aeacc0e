// A stand-in for the reading half of a broker: answers what a test gives it, and nothing else.
import { brokerCapabilities } from '../../broker';
import type { BrokerReader } from '../../broker/port';

const unasked = (): Promise<never> => Promise.reject(new Error('the test has no answer to this'));

const silent: BrokerReader = {
  capabilities: brokerCapabilities,
  serverTime: unasked,
  localAddress: unasked,
  profile: unasked,
  books: unasked,
  triggers: unasked,
  holdings: unasked,
  funds: unasked,
  margins: unasked,
  charges: unasked,
  listing: unasked,
  underlyings: unasked,
  quotes: unasked,
  history: unasked,
};

export const readerWith = (answers: Partial<BrokerReader>): BrokerReader => ({
  ...silent,
  ...answers,
});
