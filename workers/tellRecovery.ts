// Tells that the system runs again after an end that nobody wanted.
import type { WorkerEnvironment } from './environment';
import type { Lease } from './holdLease';
import type { RaiseOwnAlert } from './raiseAlert';

/** A worker alone is started again within seconds. This long means that everything was down. */
const downMs = 15_000;

/**
 * Raises `system.recovered` once for a start that is said to be one after such an end, however often the worker
 * begins in it. Where nobody says so, a lease that was left to itself for long does.
 */
export function tellRecovery(
  { recovered }: Pick<WorkerEnvironment, 'recovered'>,
  { deadMs }: Pick<Lease, 'deadMs'>,
  raise: RaiseOwnAlert,
): void {
  const wasDown = deadMs !== null && deadMs >= downMs;
  if (recovered === undefined && !wasDown) return;
  const seconds = Math.round((deadMs ?? 0) / 1_000);
  void raise('system.recovered', recovered ?? String(Date.now()), { seconds });
}
