// Calls of the running system's own exchange that are not Kite's. They need the token of the run.
import type { RunningSystem } from '../infra/supervisor/runFolder';

export type OwnExchange = Pick<RunningSystem, 'exchange' | 'environment'>;

/** @param path below the exchange's address, `/paper/…`. */
export const askExchange = (
  { exchange, environment }: OwnExchange,
  path: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<Response> =>
  fetch(`${exchange ?? ''}${path}`, {
    method,
    headers: { 'x-paper-token': environment['RATCHET_PAPER_TOKEN'] ?? '' },
  });
