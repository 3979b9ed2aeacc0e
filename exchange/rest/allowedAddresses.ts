// The static-address rule: orders come only from addresses registered for the app; everything else may
// be asked from anywhere. HTTP status and type are not confirmed. Source: docs/kite.md, Limits.
import { KiteError } from '../engine/kiteError';

const refused = (message: string): KiteError => new KiteError(403, 'PermissionException', message);

/** What Kite says to an order from an address that is not registered. */
export const addressRefused = (address: string): KiteError =>
  refused(
    `IP (${address}) is not allowed to place orders for this app. Update allowed IPs on the Kite developer console.`,
  );

/** @throws KiteError 403 unless the address is in the list; without a list every address may. */
export function requireAllowed(address: string, allowed: readonly string[] | undefined): void {
  if (allowed === undefined || allowed.includes(address)) return;
  if (allowed.length > 0) throw addressRefused(address);
  throw refused('No IPs configured for this app. Add allowed IPs on the Kite developer console.');
}
