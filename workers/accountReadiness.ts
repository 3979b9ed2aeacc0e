// The readiness checks of the account this worker trades, with where the worker knows its things from.
import { Context } from '@temporalio/activity';
import type { AlertChannel } from '../activities/alerts';
import type { BooksReader, SessionWatch } from '../activities/broker';
import {
  createReadinessActivities,
  recordedReceivers,
  type ReadinessActivities,
} from '../activities/readiness';
import type { BrokerReader } from '../broker/port';
import { accountFolder } from '../infra/accountFolder';
import { isNobody } from '../infra/brokerSession/sessionFile';
import { ratchetHome } from '../infra/checkout';
import type { WorkerEnvironment } from './environment';
import { marketClockOf } from './marketClock';

export interface CheckedParts {
  readonly broker: BrokerReader;
  readonly books: BooksReader;
  readonly watch: SessionWatch;
  readonly channels: readonly AlertChannel[];
}

const dayMs = 86_400_000;

export function accountReadiness(
  environment: WorkerEnvironment,
  { broker, books, watch, channels }: CheckedParts,
): ReadinessActivities {
  const { config, calendar, pool, installation, broker: place } = environment;
  return createReadinessActivities({
    config,
    calendar,
    broker,
    pool,
    installation,
    watch,
    profile: () => watch.profile(),
    books: () => books.read(),
    login: () => (isNobody(place.credentials.current) ? null : place.loginAddress()),
    folder: place.mode === 'live' ? accountFolder(config.account) : ratchetHome,
    receivers: () => recordedReceivers(pool, channels, Date.now() - dayMs),
    marketClock: marketClockOf(environment),
    givenUp: () => Context.current().cancellationSignal,
  });
}
