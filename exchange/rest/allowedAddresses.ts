// The static-address rule: orders are accepted only from registered addresses; everything else is answered to
// any address. HTTP status and type are not confirmed. Source: docs/kite.md, Limits.
import { KiteError } from '../engine/kiteError';

const refused = (message: string): KiteError => new KiteError(403, 'PermissionException', message);

/** Kite's refusal of an order from an unregistered address. */
export const addressRefused = (address: string): KiteError =>
  refused(
    `IP (${address}) is not allowed to place orders for this app. Update allowed IPs on the Kite developer console.`,
  );

/** @throws KiteError 403 unless the address is in the list. Without a list every address is allowed. */
export function requireAllowed(address: string, allowed: readonly string[] | undefined): void {
  if (allowed === undefined || allowed.includes(address)) return;
  if (allowed.length > 0) throw addressRefused(address);
  throw refused('No IPs configured for this app. Add allowed IPs on the Kite developer console.');
}
