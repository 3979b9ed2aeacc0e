// Another Ratchet on the account, known by the tags of its orders. It is only reported: its orders are its own.
import type { BookOrder } from '../orders/order';
import { installationOf, intentOfTag, type InstallationId } from '../position';
import type { Finding } from './compare';

/** The newest order of each other installation. What our records know is ours, whoever it names. */
export function otherInstallations(
  orders: readonly BookOrder[],
  known: { has(intentId: string): boolean },
  own: InstallationId,
): Extract<Finding, { kind: 'otherInstallation' }>[] {
  const found = new Map<InstallationId, Extract<Finding, { kind: 'otherInstallation' }>>();
  for (const { tag, orderId } of orders) {
    const installation = tag === null ? undefined : installationOf(tag);
    if (tag === null || installation === undefined || installation === own) continue;
    if (known.has(intentOfTag(tag))) continue;
    found.set(installation, { kind: 'otherInstallation', installation, orderId, tag });
  }
  return [...found.values()];
}
