// The broker of the system that runs here, or ran here last. Its mode, address and session are the recorded
// ones: what the shell says counts for nothing, so that no command of a paper system reaches the real broker.
import { openBroker } from '../broker';
import type { Broker } from '../broker/port';
import { loadConfig } from '../infra/config/config';
import { readRunning, requireRunning } from '../infra/supervisor/runFolder';
import { brokerPlace } from '../workers/brokerPlace';

/** @throws Refused when no system is recorded; Fatal when its mode or session cannot be used. */
export function runningBroker(): Broker {
  const { environment } = readRunning() ?? requireRunning();
  const place = brokerPlace(loadConfig(environment['RATCHET_CONFIG']), environment);
  return openBroker(place.credentials, place.address);
}
